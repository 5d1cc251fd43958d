import argparse
import csv

from lib.scale import scale

parser = argparse.ArgumentParser()
parser.add_argument("--input_path")
parser.add_argument("--output_path")
options = parser.parse_args()
with open(options.input_path, newline="") as source:
    rows = [row for row in csv.DictReader(source) if row["n"]]
with open(options.output_path, "w", newline="") as target:
    writer = csv.writer(target)
    writer.writerow(["name", "n"])
    for row in rows:
        writer.writerow([row["name"], scale(int(row["n"]))])
