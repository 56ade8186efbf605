here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/tables.R"))
out <- "name\tcells\talternative\tyates\tconfidence\tstatistic\tp_value\tlow\thigh"
for (name in names(tables)) for (alternative in alternatives) for (yates in c(FALSE, TRUE)) {
  v <- tables[[name]]
  t <- suppressWarnings(prop.test(v[c(1, 3)], v[c(2, 4)], alternative = alternative,
                                  correct = yates, conf.level = 0.99))
  out <- c(out, paste(name, digits(v), alternative, as.integer(yates), digits(0.99),
                      digits(t$statistic), digits(t$p.value), digits(t$conf.int[1]),
                      digits(t$conf.int[2]), sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
