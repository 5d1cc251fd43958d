-- Rows by day; '${this}' is plain text in a file.
SELECT *
FROM late JOIN scores USING (day)
