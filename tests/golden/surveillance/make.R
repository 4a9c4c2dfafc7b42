# The numbers of this folder: Rscript make.R, with R surveillance 1.20.3 and EpiEstim 2.2-4.
# weekly.csv and linelist.csv are synthetic, made for these tests.
suppressMessages(library(surveillance))
weekly <- read.csv("weekly.csv")
names_of <- setdiff(names(weekly), c("index", "week_from"))
dates <- as.numeric(as.Date(weekly$week_from))
series <- function(name) new("sts", observed = matrix(weekly[[name]]), epoch = dates,
                             epochAsDate = TRUE, freq = 52, start = c(2016, 1))
write <- function(rows, file) write.csv(format(do.call(rbind, rows), digits = 15, trim = TRUE),
                                        file, row.names = FALSE, quote = FALSE)

# EARS: two alphas, and a long baseline with a least spread
rows <- list()
for (name in names_of) for (method in c("C1", "C2", "C3"))
  for (set in list(list(7, 0, 0.001), list(7, 0, 0.025), list(28, 0.5, 0.01))) {
    out <- earsC(series(name), list(range = 365:416, method = method, baseline = set[[1]],
                                    minSigma = set[[2]], alpha = set[[3]]))
    rows <- c(rows, list(data.frame(
      series = name, method = method, baseline = set[[1]], min_sigma = set[[2]],
      alpha = set[[3]], index = 365:416, threshold = out@upperbound[, 1],
      alarm = as.integer(out@alarm[, 1]))))
  }
write(rows, "ears.csv")

# Farrington, flexible: as shipped, as Noufaily, and with muan
sets <- list(
  noufaily = list(noPeriods = 10, b = 5, w = 3, weightsThreshold = 2.58,
                  pastWeeksNotIncluded = 26, pThresholdTrend = 1,
                  thresholdMethod = "nbPlugin", alpha = 0.01, limit54 = c(0, 50)),
  delta = list(noPeriods = 1, b = 4, w = 3, weightsThreshold = 1,
               pastWeeksNotIncluded = 3, pThresholdTrend = 0.05,
               thresholdMethod = "delta", alpha = 0.05, limit54 = c(5, 4)),
  muan = list(noPeriods = 5, b = 5, w = 2, weightsThreshold = 2.58,
              pastWeeksNotIncluded = 26, pThresholdTrend = 0.05, powertrans = "none",
              thresholdMethod = "muan", alpha = 0.05, limit54 = c(0, 50)))
rows <- list()
for (set in names(sets)) for (name in names_of) {
  control <- c(sets[[set]], list(range = 365:416, glmWarnings = FALSE))
  out <- suppressWarnings(farringtonFlexible(series(name), control))
  rows <- c(rows, list(data.frame(
    set = set, series = name, index = 365:416, expected = out@control$expected[, 1],
    threshold = out@upperbound[, 1], p = out@control$pvalue[, 1],
    phi = out@control$phiVector[, 1], trend = out@control$trendVector[, 1],
    alarm = as.integer(out@alarm[, 1]))))
}
write(rows, "farrington_flexible.csv")

# Farrington, original
rows <- list()
for (power in c("2/3", "1/2", "none")) for (name in names_of) {
  out <- algo.farrington(sts2disProg(series(name)), list(
    range = 365:416, b = 5, w = 3, alpha = 0.05, powertrans = power, limit54 = c(5, 4)))
  rows <- c(rows, list(data.frame(
    power = power, series = name, index = 365:416, threshold = out$upperbound[, 1],
    quantile = out$control$pd[, 1], trend = as.integer(out$trend[, 1]),
    alarm = as.integer(out$alarm[, 1]))))
}
write(rows, "farrington.csv")
