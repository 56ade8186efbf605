here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/tables.R"))
out <- "name\tcells\talternative\todds\tconfidence\tp_value\testimate\tlow\thigh"
for (name in names(tables)) for (alternative in alternatives) for (odds in c(1, 1.2)) {
  v <- tables[[name]]
  m <- matrix(c(v[1], v[2] - v[1], v[3], v[4] - v[3]), 2)
  t <- fisher.test(m, alternative = alternative, or = odds, conf.level = 0.95)
  out <- c(out, paste(name, digits(v), alternative, digits(odds), digits(0.95), digits(t$p.value),
                      digits(t$estimate), digits(t$conf.int[1]), digits(t$conf.int[2]),
                      sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
