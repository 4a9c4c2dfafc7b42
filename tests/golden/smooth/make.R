# The numbers of this folder: Rscript make.R, with R mgcv 1.8-41 (Debian r-cran-mgcv).
# Counties of North Carolina: sudden infant deaths 1974-78, births, borders (../scan/nc_sids.csv, CC0).
# grid.csv: 15 x 15 squares, synthetic, made for these tests.
suppressMessages(library(mgcv))
fit <- function(y, expected, neighbours, file, extra) {
  names(neighbours) <- as.character(seq_along(neighbours))
  area <- factor(as.character(seq_along(y)), levels = names(neighbours))
  control <- gam.control(epsilon = 1e-13, newton = list(conv.tol = 1e-12))
  model <- gam(y ~ s(area, bs = "mrf", xt = list(nb = neighbours), k = length(y)),
               offset = log(expected), family = poisson, method = "REML", control = control)
  eta <- predict(model, type = "link", se.fit = TRUE)
  out <- data.frame(area = seq_along(y), cases = y, expected = expected,
                    log_risk = as.numeric(eta$fit), sd = as.numeric(eta$se.fit))
  write.csv(format(out, digits = 15, trim = TRUE), file, row.names = FALSE, quote = FALSE)
  # mgcv scales its penalty: lambda is what multiplies the Laplacian of the neighbours
  lambda <- model$sp / model$smooth[[1]]$S.scale
  cat(file, "lambda", format(lambda, digits = 15), "edf", format(sum(model$edf), digits = 15),
      "reml", format(as.numeric(model$gcv.ubre), digits = 15), "\n")
}
counties <- read.csv("../scan/nc_sids.csv")
borders <- lapply(strsplit(as.character(counties$borders), " "), as.integer)
fit(counties$cases, counties$population * sum(counties$cases) / sum(counties$population),
    borders, "icar_nc_sids.csv")
grid <- read.csv("grid.csv")
near <- function(i) {
  x <- (i - 1) %% 15; y <- (i - 1) %/% 15
  out <- integer()
  if (x > 0) out <- c(out, i - 1)
  if (x < 14) out <- c(out, i + 1)
  if (y > 0) out <- c(out, i - 15)
  if (y < 14) out <- c(out, i + 15)
  as.integer(out)
}
fit(grid$cases, grid$expected, lapply(1:225, near), "icar_grid.csv")
