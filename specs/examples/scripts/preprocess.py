"""Scale every measurement to mean 0 and deviation 1, and set rows aside for testing."""

import argparse

import pandas as pd


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input_path", required=True)
    parser.add_argument("--output_path", required=True)
    parser.add_argument("--test_every", type=int, default=4)
    args = parser.parse_args()

    wine = pd.read_csv(args.input_path)
    measurements = wine.columns.drop("cultivar")
    wine["is_test"] = wine.index % args.test_every == 0
    train = wine[~wine["is_test"]]
    mean, deviation = train[measurements].mean(), train[measurements].std()
    wine[measurements] = (wine[measurements] - mean) / deviation
    wine.to_csv(args.output_path, index=False)
    print(f"{len(train)} rows to train with, {len(wine) - len(train)} to test with")


if __name__ == "__main__":
    main()
