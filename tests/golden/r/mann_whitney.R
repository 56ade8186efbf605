here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/samples.R"))
out <- "name\tx\ty\talternative\tconfidence\tstatistic\tp_value\testimate\tlow\thigh"
for (name in names(samples)) for (alternative in alternatives) for (confidence in c(0.95, 0.998)) {
  s <- samples[[name]]
  t <- suppressWarnings(wilcox.test(s$x, s$y, alternative = alternative, conf.int = TRUE,
                                    conf.level = confidence, tol.root = 1e-13))
  out <- c(out, paste(name, digits(s$x), digits(s$y), alternative, digits(confidence),
                      digits(t$statistic), digits(t$p.value), digits(t$estimate),
                      digits(t$conf.int[1]), digits(t$conf.int[2]), sep = "\t"))
}
writeLines(out, commandArgs(TRUE)[1])
