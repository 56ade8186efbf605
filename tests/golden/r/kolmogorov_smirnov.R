here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/samples.R"))
out <- "name\tx\ty\talternative\tstatistic\tp_value"
for (name in names(samples)) for (alternative in alternatives) {
  s <- samples[[name]]
  t <- suppressWarnings(ks.test(s$x, s$y, alternative = alternative))
  out <- c(out, paste(name, digits(s$x), digits(s$y), alternative, digits(t$statistic),
                      digits(t$p.value), sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
