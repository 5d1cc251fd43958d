"""What people write to learn, draw, and put into an order, all of it correct."""

from __future__ import annotations

LEARNING = """
model = RandomForestClassifier(n_estimators=9, random_state=seed).fit(raw[["a"]], raw["b"])
return model.score(raw[["a"]], raw["b"])
---
train, test = train_test_split(raw, test_size=0.2, stratify=raw["b"], random_state=seed)
return len(train), len(test)
---
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(raw, raw["b"])
---
from sklearn.model_selection import cross_val_score
return cross_val_score(LogisticRegression(C=0.1), raw, raw["b"], cv=KFold(5)).mean()
---
splits = KFold(5, shuffle=True, random_state=seed).split(raw)
return [len(test) for _, test in splits]
---
search = GridSearchCV(RandomForestClassifier(random_state=seed), {"max_depth": [2, 4]}, cv=3)
return search.fit(raw, raw["b"]).best_params_
---
search = RandomizedSearchCV(SVC(), {"C": [1, 10]}, n_iter=2, random_state=seed)
return search.fit(raw, raw["b"]).best_score_
---
from sklearn.svm import SVC as Machine
return Machine(kernel="rbf").fit(raw, raw["b"])
---
from sklearn.neighbors import KNeighborsClassifier
return KNeighborsClassifier(3).fit(raw, raw["b"]).predict(raw)
---
from sklearn.decomposition import PCA
return PCA(n_components=2).fit_transform(raw)
---
from sklearn.linear_model import LinearRegression, Ridge
return LinearRegression().fit(raw, raw["b"]).coef_, Ridge(alpha=1.0)
---
from sklearn.base import clone
forest = RandomForestClassifier(random_state=seed)
return [clone(forest).set_params(max_depth=depth) for depth in (2, 4)]
---
settings = {"n_estimators": 10, "random_state": seed}
return RandomForestClassifier(**settings).fit(raw, raw["b"])
---
models = {"forest": RandomForestClassifier, "line": LogisticRegression}
made = models["forest"](random_state=seed)
return made.fit(raw, raw["b"])
---
import torch
generator = torch.Generator().manual_seed(seed)
return torch.randperm(10, generator=generator).tolist()
---
import torch
torch.manual_seed(seed)
layer = torch.nn.Linear(2, 2)
return layer(torch.rand(3, 2)).sum().item()
---
import torch
from torch.utils.data import DataLoader
loader = DataLoader(list(raw), batch_size=4, shuffle=True, generator=torch.Generator())
return sum(len(batch) for batch in loader)
---
import torch
model = torch.nn.Linear(2, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
optimizer.zero_grad()
return model.state_dict()
---
import xgboost
return xgboost.XGBClassifier(random_state=seed, n_jobs=1).fit(raw, raw["b"])
---
import lightgbm
return lightgbm.train({"seed": seed, "num_threads": 1}, lightgbm.Dataset(raw))
"""

NUMBERS = """
rng = np.random.default_rng(seed)
return rng.normal(size=3), rng.choice(raw, 2), rng.shuffle([1, 2])
---
children = np.random.SeedSequence(seed).spawn(3)
return [np.random.default_rng(child).random() for child in children]
---
state = np.random.RandomState(seed)
return state.permutation(len(raw))
---
draw = random.Random(seed)
return draw.sample(list(raw), 2), draw.choice([1, 2]), draw.randint(1, 6)
---
return np.random.normal(size=3).tolist()
---
np.random.seed(seed)
noise = np.random.normal(size=len(raw))
return raw["a"] + noise
---
def make(raw, old, out, rng):
    return rng.integers(0, 9, size=3)
---
def make(raw, old, out, rng: np.random.Generator):
    order = rng.permutation(len(raw))
    return raw.iloc[order]
---
return raw.sample(n=3, random_state=seed)
---
return raw.sample(frac=0.5, random_state=np.random.RandomState(seed))
---
boots = [raw.sample(frac=1, replace=True, random_state=seed + i) for i in range(10)]
return pd.concat(boots)
---
return shuffle(raw, random_state=seed)
---
return hashlib.sha256("".join(sorted(map(str, raw))).encode()).hexdigest()
---
import zlib
return [zlib.crc32(str(x).encode()) % 10 for x in raw]
---
return uuid.uuid5(uuid.NAMESPACE_DNS, "x").hex
---
return len({hash(x) for x in raw})
---
class Point:
    def __init__(self, x): self.x = x
    def __hash__(self): return hash((self.x, "point"))
    def __eq__(self, other): return self.x == other.x

def make(raw, old, out):
    return len({Point(1), Point(1)})
---
chosen = random.choice(["a", "b"])
return chosen
---
import secrets
token = secrets.compare_digest("a", "b")
return token
---
seeds = [seed + i for i in range(5)]
return [random.Random(one).random() for one in seeds]
"""

ORDERS = """
names = sorted({row for row in raw})
return names
---
seen = set()
return [x for x in raw if not (x in seen or seen.add(x))]
---
unique = list(dict.fromkeys(raw))
return unique
---
missing = set(raw.columns) - {"a", "b"}
assert not missing, missing
return raw
---
extra = {"a", "b"} - set(raw)
if extra:
    raise KeyError(f"missing columns: {', '.join(sorted(extra))}")
return raw
---
return raw[sorted(set(raw.columns) & {"a", "b"})]
---
return max({1, 2, 3}), min(set(raw)), sum(set(raw)), len(set(raw))
---
ids = set(raw["a"])
return raw[raw["a"].isin(ids)]
---
counts = {name: 0 for name in set(raw)}
return sum(counts.values())
---
stop = {"the", "a"}
return [word for word in raw if word not in stop]
---
return "a" in {"a", "b"}, {"a"} <= set(raw), set(raw) == {"a"}
---
from collections import Counter
return Counter(raw).most_common(3)
---
levels = np.unique(list(set(raw)))
return levels
---
groups = raw.groupby("a")
return {name: len(group) for name, group in groups}
---
files = sorted(Path(old).glob("*.csv"))
return pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
---
paths = sorted(old.iterdir(), key=lambda path: path.name)
return [path.stem for path in paths]
---
for path in sorted(os.listdir(old)):
    print(path)
return raw
---
total = 0
for root, folders, files in os.walk(old):
    total += len(files)
return total
---
return {path.name: path.stat().st_size for path in Path(old).rglob("*")}
---
if any(Path(old).glob("*.bin")):
    return 1
return 0
---
newest = max(Path(old).glob("*.bin"), key=lambda path: path.name)
return newest.name
---
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    return list(pool.map(len, raw))
---
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(len, x) for x in raw]
    return [future.result() for future in futures]
---
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    futures = {pool.submit(len, x): x for x in raw}
    found = {futures[future]: future.result() for future in as_completed(futures)}
return found
---
import multiprocessing
with multiprocessing.Pool(1) as pool:
    return pool.map(len, raw)
---
names = set()
for row in raw:
    names.add(row)
names.discard("")
return len(names)
---
edges = {("a", "b"), ("b", "c")}
return ("a", "b") in edges
---
one, two = set(raw), set(old.read_text().split())
return len(one & two) / len(one | two)
---
vocabulary = {word: index for index, word in enumerate(sorted(set(raw)))}
return vocabulary
---
allowed = frozenset(["a", "b"])
return [x for x in raw if x in allowed]
"""
