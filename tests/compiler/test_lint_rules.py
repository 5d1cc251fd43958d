"""Each rule of the lint: what it finds, and above all what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprocc.compiler.codes import determinism
from reprocc.compiler.diagnostic import Code
from reprocc.compiler.lint.allowances import LINT_CODES

from .linting import lint, module, names

FOUND = {
    "unseeded-generator": [
        "return np.random.default_rng().random()",
        "return np.random.default_rng(None).random()",
        "return np.random.RandomState().rand()",
        "return random.Random().random()",
        "return random.SystemRandom().random()",
        "random.seed()\nreturn random.random()",
        "np.random.seed(int(time.time()))\nreturn np.random.rand()",
        "random.seed(datetime.datetime.now().timestamp())",
        "import torch\ntorch.manual_seed(time.time_ns())",
        "import torch\nreturn torch.Generator().seed()",
        "out.write_bytes(os.urandom(8))",
        "return [secrets.randbelow(9) for _ in raw]",
    ],
    "unseeded-estimator": [
        "return RandomForestClassifier(n_estimators=9).fit(raw)",
        "return RandomForestClassifier(random_state=None)",
        "return GradientBoostingClassifier(subsample=0.5)",
        "return KMeans(3)",
        "return MLPClassifier()",
        "return SGDClassifier()",
        "return SVC(probability=True)",
        'return LogisticRegression(solver="saga")',
        "return KFold(5, shuffle=True)",
        "return train_test_split(raw)",
        "return make_classification(100)",
        "return raw.sample(frac=1.0)",
        "return raw.sample(n=10)",
        "import sklearn.ensemble as e\nreturn e.RandomForestRegressor()",
    ],
    "unseeded-shuffle": [
        "return shuffle(raw)",
        "rows = list(raw)\nrandom.shuffle(rows)\nreturn rows",
        "return raw[np.random.permutation(len(raw))]",
        "import tensorflow as tf\nreturn tf.data.Dataset.from_tensor_slices(raw).shuffle(100)",
    ],
    "drawn-seed": [
        "return train_test_split(raw, random_state=random.randint(0, 9))",
        "data_seed = random.randint(0, 1000)\nreturn data_seed",
        "return np.random.default_rng(np.random.randint(9)).random()",
        'return {"random_state": np.random.randint(9)}',
    ],
    "set-order": [
        "return list(set(raw))",
        "return list(set(raw) - {'a'})",
        "return [name for name in {'a', 'b'}]",
        "names = set(raw)\nreturn [name.upper() for name in names]",
        "names = []\nfor name in set(raw):\n    names.append(name)\nreturn names",
        "return np.array(list(set(raw)))",
        "return raw[list(set(raw) & set(old))]",
        "return ','.join({str(x) for x in raw})",
        "for name in set(raw):\n    yield name",
        "text = ''\nfor name in set(raw):\n    text += f'{name},'\nreturn text",
        "return {name: i for i, name in enumerate(set(raw))}",
        "return [*set(raw)]",
        "return next(iter(set(raw)))",
        "return pd.DataFrame({'name': list(frozenset(raw))})",
    ],
    "unsorted-listing": [
        "return os.listdir(old)",
        "return pd.concat([pd.read_csv(p) for p in glob.glob(f'{old}/*.csv')])",
        "return [p.name for p in Path(old).glob('*.csv')]",
        "names = os.listdir(old)\nreturn names[0]",
        "found = []\nfor p in old.iterdir():\n    found.append(p.name)\nreturn found",
        "found = []\nfor _, _, fs in os.walk(old):\n    found.extend(fs)\nreturn found",
        "with os.scandir(old) as there:\n    return [entry.name for entry in there]",
        "with open(out, 'w') as file:\n    for p in old.iterdir():\n        file.write(p.name)",
        "return next(Path(old).rglob('*.csv')).read_text()",
    ],
    "completion-order": [
        "rows = []\nfor f in as_completed(raw):\n    rows.append(f.result())\nreturn rows",
        "return [f.result() for f in as_completed(raw)]",
        "async def run():\n    return [await f for f in asyncio.as_completed(raw)]\nreturn run()",
        "import multiprocessing\nwith multiprocessing.Pool(2) as pool:\n"
        "    return list(pool.imap_unordered(len, raw))",
        "import ray\nleft, rows = list(raw), []\nwhile left:\n    done, left = ray.wait(left)\n"
        "    rows.append(ray.get(done[0]))\nreturn rows",
    ],
    "clock-in-result": [
        "return {'at': time.time()}",
        "return {'at': datetime.datetime.now().isoformat()}",
        "raw['day'] = datetime.date.today()\nreturn raw",
        "raw['at'] = pd.Timestamp.now()\nreturn raw",
        "start = time.time()\nraw.fit()\nreturn {'seconds': time.time() - start}",
        "start = time.perf_counter()\nspent = time.perf_counter() - start\nreturn {'s': spent}",
        "out.write_text(f'made {time.strftime(\"%Y\")}')",
        "text = json.dumps({'at': str(datetime.datetime.utcnow())})\nout.write_text(text)",
        "rows = []\nrows.append(time.time())\nreturn rows",
        "raw['at'] = time.time()\nraw.to_parquet(out)",
        "with open(out, 'w') as file:\n    json.dump({'at': time.time()}, file)",
        "raw = raw.assign(now=pd.to_datetime('now'))\nreturn raw",
        "def now():\n    return time.time()\n\ndef make(raw, old, out):\n    return {'at': now()}",
    ],
    "random-identifier": [
        "return str(uuid.uuid4())",
        "raw['id'] = [uuid.uuid1().hex for _ in raw]\nreturn raw",
        "return {'run': secrets.token_hex(8)}",
    ],
    "builtin-hash": ["return [hash(x) % 10 for x in raw]", "return abs(hash(raw)) % 2"],
    "parallel-jobs": [
        "return RandomForestClassifier(random_state=seed, n_jobs=-1)",
        "import joblib as j\nreturn j.Parallel(n_jobs=4)(j.delayed(len)(x) for x in raw)",
    ],
    "undeclared-file": [
        "return pd.read_csv('prices.csv')",
        "return json.load(open('config.json'))",
        "return Path('config.json').read_text()",
        "with open('a.txt', 'r') as file:\n    return file.read()",
        "PRICES = 'prices.csv'\ndef make(raw, old, out):\n    return pd.read_csv(PRICES)",
        "return np.load('weights.npy')",
    ],
    "undeclared-variable": [
        "return os.environ['EPOCHS']",
        "return int(os.environ.get('EPOCHS', '10'))",
        "return os.getenv('EPOCHS')",
    ],
    "network-access": [
        "import requests\nreturn requests.get('https://example.org').json()",
        "from urllib.request import urlopen\nreturn urlopen('https://example.org').read()",
        "from sklearn.datasets import fetch_openml\nreturn fetch_openml('mnist_784')",
    ],
    "install-at-run-time": [
        "subprocess.run([sys.executable, '-m', 'pip', 'install', 'xgboost'])",
        "os.system('pip install xgboost')",
        "subprocess.check_call('conda install -y xgboost', shell=True)",
    ],
    "changed-input": [
        "with open(old, 'w') as file:\n    file.write('x')",
        "old.write_text('x')",
        "(old / 'more').write_bytes(b'x')",
        "import joblib\njoblib.dump(raw, old)",
        "os.remove(old)",
        "with old.open('a') as file:\n    file.write('x')",
    ],
    "index-column": ["raw.to_csv(out)", "frame = raw.dropna()\nframe.to_csv(out)"],
    "cached-draw": [
        "@functools.cache\ndef noise(n):\n    return np.random.rand(n)\n\n"
        "def make(raw, old, out):\n    return noise(3)",
        "@functools.lru_cache(maxsize=None)\ndef noise(n):\n    return random.random()\n\n"
        "def make(raw, old, out):\n    return noise(3)",
    ],
}

CLEAN = {
    "seeds": [
        "return np.random.default_rng(seed).random()",
        "return np.random.rand() + random.random()",
        "rng = random.Random(seed)\nrng.shuffle(raw)\nreturn raw",
        "def make(raw, old, out, rng=None):\n"
        "    rng = rng or np.random.default_rng()\n    return rng.random()",
        "if seed is None:\n    rng = np.random.default_rng()\nelse:\n"
        "    rng = np.random.default_rng(seed)\n"
        "return rng.random()",
        "random.seed(seed)\nrandom.shuffle(raw)\nreturn raw",
        "np.random.seed(seed)\nreturn RandomForestClassifier().fit(raw)",
        "tmp = f'{os.urandom(4).hex()}.txt'\nwith open(tmp, 'w') as f:\n    f.write('x')",
        "def random(seed):\n    return seed\n\ndef make(raw, old, out):\n    random.Random()\n",
        "np.random.default_rng(seed).shuffle(raw)\nreturn raw",
        "import ray\nreturn np.random.default_rng(seed).permutation(3)",
        "import datasets\nreturn datasets.Dataset.from_pandas(raw).shuffle(seed)",
        "def make(raw, old, out, rng):\n    rng.shuffle(raw)\n    return rng.permutation(3)",
        "import torch\nreturn torch.Generator().manual_seed(seed)",
        "count = random.randint(1, 3)\nreturn count",
    ],
    "estimators": [
        "return RandomForestClassifier(random_state=seed)",
        "def make(raw, old, out, **params):\n    return RandomForestClassifier(**params)",
        "return KFold(5)",
        "return train_test_split(raw, shuffle=False)",
        "return LogisticRegression(max_iter=100).fit(raw)",
        "return SVC(gamma=0.1)",
        "class KMeans: ...\n\ndef make(raw, old, out):\n    return KMeans(3)",
        "from mine import KMeans\nreturn KMeans(3)",
        "return raw.sample(frac=1.0, random_state=seed)",
        "return GridSearchCV(SVC(), {})",
        "return random.sample(list(raw), 3)",
        "def fit(cls):\n    return GridSearchCV(cls(random_state=1), {})\n\n"
        "def make(raw, old, out):\n    return fit(SVC)",
    ],
    "sets": [
        "return sorted(set(raw))",
        "return len(set(raw)), sum({1, 2}), max(set(raw))",
        "return 'a' in set(raw)",
        "return raw[raw.name.isin(list(set(old)))]",
        "return sorted(list(set(raw)))",
        "names = list(set(raw))\nnames.sort()\nreturn names",
        "total = 0\nfor x in set(raw):\n    total += x\nreturn total",
        "return {x: len(x) for x in set(raw)}",
        "return all(x for x in {'a', 'b'})",
        "return [x for x in {1, 2, 3}]",
        "seen = set()\nrows = []\nfor row in raw:\n    if row not in seen:\n        seen.add(row)\n"
        "        rows.append(row)\nreturn rows",
        "for name in set(raw):\n    print(name)",
        "missing = set(raw) - {'a'}\nif missing:\n    raise ValueError(f'no {list(missing)}')",
        "names = []\nfor name in set(raw):\n    names.append(name)\nreturn sorted(names)",
        "return raw.drop(columns=list(set(raw) - {'a'}))",
        "return list(dict.fromkeys(raw))",
        "names = set()\nfor row in raw:\n    names |= set(row)\n"
        "names = sorted(names)\nreturn names",
        "logger.info('columns: %s', list(set(raw)))",
        "def set(x):\n    return x\n\ndef make(raw, old, out):\n    return list(set(raw))",
    ],
    "listings": [
        "return sorted(os.listdir(old))",
        "return [p.name for p in sorted(Path(old).glob('*.csv'))]",
        "return len(os.listdir(old))",
        "for p in old.iterdir():\n    p.read_text()",
        "names = glob.glob('*.csv')\nnames.sort()\nreturn names",
        "return sum(p.stat().st_size for p in old.iterdir())",
        "found = []\nfor _, ds, fs in os.walk(old):\n    ds.sort()\n"
        "    found.extend(sorted(fs))\nreturn found",
        "return {p.name: p.read_text() for p in old.iterdir()}",
        "if not os.listdir(old):\n    raise ValueError('empty')",
        "return any(p.suffix == '.csv' for p in old.iterdir())",
        "return raw.glob('x')",
    ],
    "completion": [
        "rows = {}\nfor f in as_completed(raw):\n    rows[raw[f]] = f.result()\nreturn rows",
        "for f in as_completed(raw):\n    f.result()\nreturn [f.result() for f in raw]",
        "import ray\nray.wait(raw, num_returns=3)\nreturn ray.get(raw)",
        "return sorted(f.result() for f in as_completed(raw))",
        "return [f.result() for f in (raw if seed else as_completed(raw))]",
    ],
    "clocks": [
        "start = time.time()\nraw.fit()\nprint(f'took {time.time() - start:.1f} s')",
        "start = time.perf_counter()\nspent = time.perf_counter() - start\n"
        "logger.info('%s', spent)",
        "deadline = time.monotonic() + 5\nwhile time.monotonic() < deadline:\n    pass",
        "print(datetime.datetime.now())\nreturn raw",
        "return datetime.datetime(2026, 1, 1).isoformat()",
        "return time.strftime('%Y', time.gmtime(0))",
        "def now():\n    return time.time()\n\ndef make(raw, old, out):\n    print(now())",
        "logging.info(f'{datetime.datetime.now()}: start')",
        "tmp = Path(f'/tmp/{uuid.uuid4()}')\ntmp.mkdir()\nreturn (tmp / 'x').read_text()",
        "print(json.dumps({'took': time.time()}))",
        "with open('a.log', 'w') as log_file:\n    log_file.write(str(time.time()))",
        "return uuid.uuid5(uuid.NAMESPACE_URL, 'x').hex",
        "path = os.path.join('/tmp', f'{uuid.uuid4()}.csv')\nraw.to_csv(path)\n"
        "return open(path).read()",
        "return hashlib.sha256(b'x').hexdigest()",
        "class A:\n    def __hash__(self):\n        return hash((1, 2))\n\n"
        "def make(raw, old, out):\n    return len({A()})",
        "return pd.to_datetime(raw)",
    ],
    "outside": [
        "return RandomForestClassifier(random_state=seed, n_jobs=1)",
        "return RandomForestClassifier(random_state=seed, n_jobs=None)",
        "return pd.read_csv(old)",
        "Path('t.txt').write_text('x')\nreturn Path('t.txt').read_text()",
        "with open('t.txt', 'w') as file:\n    file.write('x')",
        "return os.environ['GIVEN'], os.environ.get('PASSED'), os.environ['TMPDIR']",
        "os.environ['X'] = '1'\nreturn os.environ['X']",
        "subprocess.run(['git', 'log'])",
        "return {}.get('EPOCHS')",
        "path = old\nreturn open(path).read()",
    ],
    "paths": [
        "out.write_text('x')",
        "with open(out, 'w') as file:\n    file.write('x')",
        "return old.read_text()",
        "raw.to_csv(out, index=False)",
        "raw.groupby('a').mean().to_csv(out)",
        "table = raw.groupby('a').mean()\ntable.to_csv(out)",
        "old = Path('mine')\nold.write_text('x')",
        "copy = old.read_text().replace('a', 'b')\nreturn copy",
        "raw.to_csv(out, **{})",
    ],
}


@pytest.mark.parametrize(
    ("code", "body"), [(code, body) for code, bodies in FOUND.items() for body in bodies]
)
def test_what_can_differ_from_run_to_run_is_found_once(
    code: str, body: str, tmp_path: Path
) -> None:
    assert names(lint(tmp_path, {"m.py": module(body)})) == [code]


@pytest.mark.parametrize("body", [body for bodies in CLEAN.values() for body in bodies])
def test_what_cannot_is_left_alone(body: str, tmp_path: Path) -> None:
    files = {"m.py": module(body), "mine.py": "class KMeans: ...\n"}
    assert [(d.code.name, d.message) for d in lint(tmp_path, files)] == []


def test_every_code_of_the_lint_is_tried() -> None:
    assert sorted(FOUND) == list(LINT_CODES)
    declared = [value.name for value in vars(determinism).values() if isinstance(value, Code)]
    assert sorted(declared) == sorted([*LINT_CODES, "unknown-allowance"])
