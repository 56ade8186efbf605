here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/samples.R"))
out <- "name\tx\ty\talternative\tshift\tconfidence\tt\tdf\tp_value\tlow\thigh"
for (name in names(samples)) for (alternative in alternatives) for (shift in c(0, 0.25)) {
  s <- samples[[name]]
  if (length(s$x) < 2 || length(s$y) < 2) next
  t <- t.test(s$x, s$y, alternative = alternative, mu = shift, conf.level = 0.99)
  out <- c(out, paste(name, digits(s$x), digits(s$y), alternative, digits(shift), digits(0.99),
                      digits(t$statistic), digits(t$parameter), digits(t$p.value),
                      digits(t$conf.int[1]), digits(t$conf.int[2]), sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
