-- Every flight that left, with the weather at its airport in its hour, where that was observed.
SELECT f.time_hour, f.carrier, f.flight, f.origin, f.dest, f.hour, f.dep_delay,
       w.visib, w.precip,
       CASE WHEN w.wind_speed < 100 THEN w.wind_speed END AS wind_speed  -- one gust of 1,048 mph
FROM flights AS f
LEFT JOIN weather AS w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE f.dep_delay IS NOT NULL
ORDER BY f.time_hour, f.carrier, f.flight
