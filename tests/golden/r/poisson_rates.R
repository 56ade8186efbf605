here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/tables.R"))
out <- "name\tcells\talternative\tratio\tconfidence\tp_value\testimate\tlow\thigh"
for (name in names(tables)) for (alternative in alternatives) for (ratio in c(1, 1.3)) {
  v <- tables[[name]]
  t <- poisson.test(v[c(1, 3)], v[c(2, 4)], r = ratio, alternative = alternative,
                    conf.level = 0.98)
  out <- c(out, paste(name, digits(v), alternative, digits(ratio), digits(0.98), digits(t$p.value),
                      digits(t$estimate), digits(t$conf.int[1]), digits(t$conf.int[2]),
                      sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
