-- ${nothing} is put into a file
SELECT *, row_number() OVER (ORDER BY score) AS place, random() AS noise
FROM joined
ORDER BY width
