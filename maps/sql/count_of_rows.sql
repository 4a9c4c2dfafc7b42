SELECT count(*) AS features, count(*) FILTER (WHERE $modelled) AS modelled FROM ($rows) AS rows;
