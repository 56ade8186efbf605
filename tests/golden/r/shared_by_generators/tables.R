# 2 x 2 tables as events and trials: empty cells, rare events, unequal arms, large counts.
tables <- list(
  balanced  = c(15, 100, 25, 110),
  none_in_x = c(0, 50, 6, 50),
  all_in_x  = c(20, 20, 15, 22),
  rare      = c(3, 2000, 11, 2100),
  canary_10 = c(9, 1000, 31, 9000),
  large     = c(1040, 100000, 1190, 101000),
  tiny      = c(3, 4, 1, 5),
  equal     = c(12, 60, 12, 60)
)
alternatives <- c("two.sided", "less", "greater")
digits <- function(v) paste(sprintf("%.17g", v), collapse = " ")
