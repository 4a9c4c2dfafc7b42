# Scans of values by R's own fits, zone by zone: Rscript make_values.R, in this folder.
# Every circle round every place with at most half of the people and at least two is looked at.
# Normal: logLik of stats::lm with and without the zone. Exponential: log likelihoods of
# survival::survreg(dist = "exponential"). Ordinal: shares inside by stats::isoreg, as the ratio of
# the shares inside and outside rises with the category (Jung, Kulldorff & Klassen 2007).
suppressMessages(library(survival))
set.seed(20261130)
places <- 24
at <- data.frame(x = round(runif(places, 0, 100), 2), y = round(runif(places, 0, 100), 2))
place <- sample(places, 220, replace = TRUE)
raised <- place %in% order((at$x - 30)^2 + (at$y - 60)^2)[1:5]
people <- data.frame(
  place = place, x = at$x[place], y = at$y[place],
  measure = round(rnorm(220, 10 + 1.2 * raised, 2), 3),
  days = round(rexp(220, ifelse(raised, 0.06, 0.03)) + 0.01, 3),
  happened = rbinom(220, 1, 0.8),
  stage = rbinom(220, 3, ifelse(raised, 0.6, 0.4)))
write.csv(people, "values_people.csv", row.names = FALSE)

normal <- function(inside) {
  fit <- lm(measure ~ inside, people)
  ratio <- as.numeric(logLik(fit) - logLik(lm(measure ~ 1, people)))
  c(ratio, coef(fit)[2] > 0)
}
exponential <- function(inside) {
  fit <- survreg(Surv(days, happened) ~ inside, people, dist = "exponential")
  c(fit$loglik[2] - fit$loglik[1], coef(fit)[2] < 0)
}
ordinal_high <- function(inside, stage) {
  all <- table(factor(stage, 0:3)); here <- table(factor(stage[inside], 0:3))
  kept <- all > 0; all <- as.numeric(all[kept]); here <- as.numeric(here[kept])
  share <- isoreg(rep(here / all, all))$yf[cumsum(all)]
  told <- function(count, p) sum(ifelse(count > 0, count * log(p), 0))
  p <- share * all / sum(here); q <- (1 - share) * all / sum(all - here)
  told(here, p) + told(all - here, q) - told(all, all / sum(all))
}
ordinal <- function(inside, rates) {
  stage <- if (rates == "high") people$stage else 3 - people$stage
  ordinal_high(inside, stage)
}

rows <- list()
for (kind in c("normal", "exponential", "ordinal")) for (rates in c("high", "low")) {
  best <- -Inf
  for (centre in seq_len(places)) {
    near <- order((at$x - at$x[centre])^2 + (at$y - at$y[centre])^2)
    for (many in seq_len(places)) {
      inside <- people$place %in% near[1:many]
      if (sum(inside) > 110) break
      if (sum(inside) < 2) next
      if (kind == "ordinal") ratio <- ordinal(inside, rates) else {
        found <- if (kind == "normal") normal(inside) else exponential(inside)
        ratio <- if ((found[2] == 1) == (rates == "high")) found[1] else -Inf
      }
      if (ratio > best + 1e-9) { best <- ratio; zone <- sort(near[1:many]) }
    }
  }
  rows <- c(rows, list(data.frame(kind = kind, rates = rates, ratio = sprintf("%.12f", best),
                                  places = paste(zone, collapse = " "))))
}
write.csv(do.call(rbind, rows), "values.csv", row.names = FALSE, quote = FALSE)

# Serial intervals: what EpiEstim makes of a mean and a spread, and the published shares in it
suppressMessages(library(EpiEstim))
sets <- list(Flu2009 = c(2.6, 1.5), Measles1861 = c(14.9, 3.9), SARS2003 = c(8.4, 3.8))
rows <- list()
for (name in names(sets)) {
  data(list = name)
  published <- get(name)$si_distr
  days <- seq_along(published) - 1
  rows <- c(rows, list(data.frame(
    outbreak = name, mean = sets[[name]][1], sd = sets[[name]][2], day = days,
    share = sprintf("%.15f", discr_si(days, sets[[name]][1], sets[[name]][2])),
    published = published)))
}
write.csv(do.call(rbind, rows), "serial.csv", row.names = FALSE, quote = FALSE)
