# Samples shared by the two-sample tests: sizes around the switches from exact to asymptotic,
# with and without ties, shifted, skewed, in large and small units.
set.seed(20240501)
round_to <- function(v, digits) round(v, digits)
samples <- list(
  tiny          = list(x = c(1.1, 2.2, 3.3), y = c(0.5, 2.5)),
  separated     = list(x = c(10, 20, 30, 40), y = c(1, 2, 3, 4)),
  one_each      = list(x = 2.5, y = 1.5),
  small_shift   = list(x = rnorm(12, 1), y = rnorm(15)),
  small_ties    = list(x = round_to(rnorm(14, 5, 2), 0), y = round_to(rnorm(11, 5, 2), 0)),
  edge_49_49    = list(x = rlnorm(49, 3.1, 0.5), y = rlnorm(49, 3, 0.5)),
  edge_50_49    = list(x = rlnorm(50, 3.2, 0.5), y = rlnorm(49, 3, 0.5)),
  uneven        = list(x = rexp(9), y = rexp(180, 0.8)),
  middle_ties   = list(x = rpois(120, 4), y = rpois(95, 5)),
  large         = list(x = rlnorm(400, 3.05, 0.6), y = rlnorm(350, 3, 0.6)),
  same_law      = list(x = rnorm(200), y = rnorm(210)),
  micro_units   = list(x = rlnorm(60, 3.1, 0.4) * 1e-6, y = rlnorm(60, 3, 0.4) * 1e-6),
  giga_units    = list(x = rlnorm(60, 3.1, 0.4) * 1e9, y = rlnorm(60, 3, 0.4) * 1e9),
  mostly_zero   = list(x = c(rep(0, 30), 1, 1, 2, 5), y = c(rep(0, 36), 1, 3))
)
alternatives <- c("two.sided", "less", "greater")
digits <- function(v) paste(sprintf("%.17g", v), collapse = " ")
