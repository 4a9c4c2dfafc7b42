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

# CUSUM: the first 104 weeks are the reference; a series without a case has no mean
rows <- list()
for (trans in c("standard", "rossi", "anscombe", "pearsonNegBin")) for (m in c("mean", "glm"))
  for (name in c("large", "small", "outbreaks")) {
    control <- list(range = 105:260, k = 1.04, h = 2.26, trans = trans, alpha = 0.1)
    if (m == "glm") control$m <- "glm"
    out <- algo.cusum(sts2disProg(series(name)), control)
    rows <- c(rows, list(data.frame(
      trans = trans, m = m, series = name, index = 105:260, threshold = out$upperbound,
      alarm = out$alarm)))
  }
write(rows, "cusum.csv")

# Risk-adjusted CUSUM: of 400 at risk a week, odds twice those of the first 52 weeks
rows <- list()
for (name in c("small", "declining", "outbreaks")) {
  y <- weekly[[name]]
  n <- rep(400, 416)
  pi0 <- sum(y[1:52]) / sum(n[1:52])
  pi1 <- 2 * pi0 / (1 - pi0 + 2 * pi0)
  two <- new("sts", observed = unname(cbind(y, n - y)), epoch = 1:416, freq = 52,
             populationFrac = unname(cbind(n, n)), multinomialTS = TRUE)
  pmf <- function(y, size, mu, log = FALSE) dbinom(y[1, ], size = size, prob = mu[1, ], log = log)
  out <- categoricalCUSUM(two, list(range = 53:416, h = 2, dfun = pmf, ret = "value",
                                    pi0 = rbind(rep(pi0, 364), 1 - pi0),
                                    pi1 = rbind(rep(pi1, 364), 1 - pi1)))
  rows <- c(rows, list(data.frame(series = name, index = 53:416, value = out@upperbound[, 1],
                                  alarm = as.integer(out@alarm[, 1]))))
}
write(rows, "cusum_risk_adjusted.csv")

# GLR, Poisson and negative binomial, over means given: those of the whole series
rows <- list()
for (alpha in c(0, 0.2)) for (name in setdiff(names_of, "none")) {
  out <- algo.glrnb(sts2disProg(series(name)), list(
    range = 365:416, c.ARL = 5, mu0 = rep(mean(weekly[[name]]), 52), alpha = alpha,
    M = -1, ret = "value"))
  rows <- c(rows, list(data.frame(
    alpha = alpha, series = name, index = 365:416, value = as.numeric(out$upperbound),
    alarm = as.integer(out$alarm))))
}
write(rows, "glr.csv")

# Nowcast as known on 2026-06-10: delays to 10 days. R's lawless leaves the error of the share out.
cases <- read.csv("linelist.csv")
cases$onset <- as.Date(cases$onset); cases$report <- as.Date(cases$report)
now <- as.Date("2026-06-10")
when <- seq(now - 9, now - 1, by = "1 day")
prior <- structure("poisgamma", mean.lambda = 20, var.lambda = 400)
rows <- list()
set.seed(1)
for (method in c("lawless", "bayes.trunc")) {
  out <- suppressWarnings(nowcast(
    now = now, when = when, data = cases, dEventCol = "onset", dReportCol = "report",
    method = method, D = 10, control = list(
      dRange = as.Date(c("2026-05-01", "2026-06-10")), alpha = 0.05, N.tInf.prior = prior,
      N.tInf.max = 300, nSamples = 200)))
  at <- match(as.character(when), as.character(as.Date(epoch(out), origin = "1970-01-01")))
  rows <- c(rows, list(data.frame(
    method = method, day = as.character(when), median = out@upperbound[at, 1],
    low = out@pi[at, 1, 1], high = out@pi[at, 1, 2],
    within = delayCDF(out)[[method]][1 + as.numeric(now - when)])))
}
write(rows, "nowcast.csv")

# Reproduction numbers: one serial interval by gamma, one given
suppressMessages(library(EpiEstim))
daily <- read.csv("daily.csv")$cases
windows <- list(t_start = 2:54, t_end = 8:60)
given <- c(0, 0.2, 0.35, 0.25, 0.15, 0.05)
rows <- list()
for (set in c("gamma", "given")) {
  if (set == "gamma") {
    out <- estimate_R(daily, method = "parametric_si", config = make_config(c(
      windows, list(mean_si = 2.6, std_si = 1.5))))
    other <- wallinga_teunis(daily, method = "parametric_si", config = c(
      windows, list(mean_si = 2.6, std_si = 1.5, n_sim = 0)))
  } else {
    out <- estimate_R(daily, method = "non_parametric_si", config = make_config(c(
      windows, list(si_distr = given))))
    other <- wallinga_teunis(daily, method = "non_parametric_si", config = c(
      windows, list(si_distr = given, n_sim = 0)))
  }
  rows <- c(rows, list(data.frame(
    interval = set, t_start = out$R$t_start, t_end = out$R$t_end, mean = out$R$`Mean(R)`,
    sd = out$R$`Std(R)`, low = out$R$`Quantile.0.025(R)`, median = out$R$`Median(R)`,
    high = out$R$`Quantile.0.975(R)`,
    by_case = other$R$`Mean(R)`[match(out$R$t_start, other$R$t_start)])))
}
write(rows, "reproduction.csv")
