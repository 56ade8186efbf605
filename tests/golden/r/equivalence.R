here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
source(file.path(here, "shared_by_generators/samples.R"))
source(file.path(here, "shared_by_generators/tables.R"))
# Two one-sided tests of "the difference (or ratio - 1) is beyond the margin, in either direction".
tost <- function(below, above) max(below$p.value, above$p.value)
out <- "name\ttest\tx\ty\tmargin\tp_value"
add <- function(name, test, x, y, margin, p) {
  out <<- c(out, paste(name, test, digits(x), digits(y), digits(margin), digits(p), sep = "\t"))
}
for (name in names(samples)) for (width in c(0.2, 0.6)) {
  s <- samples[[name]]
  if (length(s$x) < 2 || length(s$y) < 2) next
  m <- width * sd(s$y)
  add(name, "welch", s$x, s$y, m, tost(t.test(s$x, s$y, mu = m, alternative = "less"),
                                       t.test(s$x, s$y, mu = -m, alternative = "greater")))
  # Ties that a shift makes or breaks are rounding: only samples without ties.
  if (any(duplicated(c(s$x, s$y)))) next
  add(name, "mann_whitney", s$x, s$y, m,
      tost(wilcox.test(s$x, s$y, mu = m, alternative = "less"),
           wilcox.test(s$x, s$y, mu = -m, alternative = "greater")))
}
for (name in names(tables)) for (m in c(0.2, 0.6)) {
  v <- tables[[name]]
  t2 <- matrix(c(v[1], v[2] - v[1], v[3], v[4] - v[3]), 2)
  add(name, "fisher", v[1:2], v[3:4], m,
      tost(fisher.test(t2, or = 1 + m, alternative = "less"),
           fisher.test(t2, or = 1 - m, alternative = "greater")))
  add(name, "poisson_rate", v[1:2], v[3:4], m,
      tost(poisson.test(v[c(1, 3)], v[c(2, 4)], r = 1 + m, alternative = "less"),
           poisson.test(v[c(1, 3)], v[c(2, 4)], r = 1 - m, alternative = "greater")))
}
writeLines(out, commandArgs(TRUE)[1])
