"""Codes of what makes a user's code give another result for the same inputs."""

from __future__ import annotations

from ..diagnostic import Code

UNSEEDED_GENERATOR = Code(
    name="unseeded-generator",
    severity="warning",
    title="A random generator takes its seed from the machine",
    explanation=(
        "Each task has a seed of its own, and the global generators of `random`, NumPy, torch and"
        " TensorFlow are set to it before each attempt. A generator that is made without a seed,"
        " or seeded by the clock, is not: every run draws other numbers. Nor are the global ones of"
        " a program that a command runs, unless it seeds them itself."
    ),
    example="rng = np.random.default_rng()",
    mend=(
        "Give the function a parameter `seed` or `rng`, which gets the task's, and use that; in a"
        " program read `REPROCC_SEED`."
    ),
)

UNSEEDED_ESTIMATOR = Code(
    name="unseeded-estimator",
    severity="warning",
    title="A model, a split or a sample is drawn without a seed of its own",
    explanation=(
        "Without `random_state` it draws from NumPy's global generator. reprocc seeds that one, so"
        " the same task gives the same result; but the result hangs on everything that was drawn"
        " before, an edit elsewhere changes it, and nobody gets it outside of reprocc."
    ),
    example="RandomForestClassifier(n_estimators=trees)   # random_state is not given",
    mend="Give the function a parameter `seed`, and write `random_state=seed`.",
)

UNSEEDED_SHUFFLE = Code(
    name="unseeded-shuffle",
    severity="warning",
    title="Rows are shuffled by a generator that everything shares",
    explanation=(
        "The order decides which rows are trained on. It is drawn from a global generator, which"
        " reprocc seeds for each task; but it hangs on everything that was drawn before, and nobody"
        " gets the same order outside of reprocc."
    ),
    example="random.shuffle(rows)",
    mend="Write `random.Random(seed).shuffle(rows)` or `rng.permutation(rows)`.",
)

DRAWN_SEED = Code(
    name="drawn-seed",
    severity="warning",
    title="A seed is itself drawn at random",
    explanation=(
        "A seed is what a person writes down to get a result again. One that is drawn stands"
        " nowhere, and changes with everything that was drawn before it."
    ),
    example="train_test_split(rows, random_state=random.randint(0, 1000))",
    mend="Use the parameter `seed`; it differs from task to task, and is recorded.",
)

CACHED_DRAW = Code(
    name="cached-draw",
    severity="warning",
    title="A cached function draws random numbers",
    explanation=(
        "What a cached function draws from a global generator depends on what was drawn before its"
        " first call, and later calls draw nothing, which shifts all that is drawn after them."
    ),
    example="@cache\ndef noise(n):\n    return np.random.rand(n)",
    mend="Pass a seed to the function and draw from a generator made of it, or do not cache it.",
)

SET_ORDER = Code(
    name="set-order",
    severity="warning",
    title="A result depends on the order of a set",
    explanation=(
        "A set has no order. The one in which it is gone through hangs on the hashes of its items,"
        " the order in which they were added and the version of Python; for objects of your own,"
        " on their addresses in memory, which differ from run to run."
    ),
    example="columns = list(set(train.columns) - {'label'})",
    mend="Put the set into an order: `sorted(…)`.",
)

UNSORTED_LISTING = Code(
    name="unsorted-listing",
    severity="warning",
    title="A result depends on the order in which a folder lists its files",
    explanation=(
        "The order in which a file system lists files is its own: it differs between machines, and"
        " after a copy."
    ),
    example="frames = [pd.read_csv(path) for path in folder.glob('*.csv')]",
    mend="Put the listing into an order: `sorted(…)`.",
)

COMPLETION_ORDER = Code(
    name="completion-order",
    severity="warning",
    title="Results are gathered in the order in which they are ready",
    explanation=(
        "What is ready first differs from run to run, so rows change places, and sums of floating"
        " point numbers their last digits."
    ),
    example="rows = [future.result() for future in as_completed(futures)]",
    mend="Gather in the order in which the work was handed out, or put the results into an order.",
)

CLOCK_IN_RESULT = Code(
    name="clock-in-result",
    severity="warning",
    title="The time of day, or the time that something took, goes into a result",
    explanation=(
        "The same inputs then never give the same output: nothing downstream can be reused when it"
        " runs again, and a change that matters cannot be told from one that does not."
        " reprocc records when each task ran and how long it took. Times that are only printed are"
        " fine."
    ),
    example="return {'accuracy': accuracy, 'trained_at': datetime.now().isoformat()}",
    mend="Leave it out, or pass the date as an argument.",
)

RANDOM_IDENTIFIER = Code(
    name="random-identifier",
    severity="warning",
    title="A random identifier goes into a result",
    explanation=(
        "`uuid1`, `uuid4` and `secrets` take their numbers from the machine, not from the task's"
        " seed, so the same inputs never give the same output."
    ),
    example="table['id'] = [str(uuid.uuid4()) for _ in range(len(table))]",
    mend="Number the rows, or derive the identifier from what it names: `uuid.uuid5(…)`.",
)

BUILTIN_HASH = Code(
    name="builtin-hash",
    severity="warning",
    title="Rows are assigned by Python's own `hash`",
    explanation=(
        "`hash` of a text changes with the process, unless its seed is fixed as reprocc does, and"
        " with the build of Python; that of an object is its address in memory."
    ),
    example="bucket = hash(user) % 10",
    mend="Use `zlib.crc32(user.encode()) % 10`, or hashlib.",
)

PARALLEL_JOBS = Code(
    name="parallel-jobs",
    severity="warning",
    title="A library is told to use several cores",
    explanation=(
        "How many there are differs from machine to machine, sums of floating point numbers differ"
        " with how they are split, and tasks that run at once take each other's cores. reprocc pins"
        " the threads of a task to `threads`, which is 1 unless the pipeline says otherwise."
    ),
    example="RandomForestClassifier(random_state=seed, n_jobs=-1)",
    mend="Write `n_jobs=1`, or say how many with an argument that `resources` and `threads` share.",
)

UNDECLARED_FILE = Code(
    name="undeclared-file",
    severity="warning",
    title="A function reads a file that the pipeline does not declare",
    explanation=(
        "What is no input is not recorded, does not travel to the machine that runs the task, and"
        " when it changes nothing runs again. A task starts in an empty folder."
    ),
    example="prices = pd.read_csv('data/prices.csv')",
    mend="Declare an artifact with that `source`, and take it as an input.",
)

UNDECLARED_VARIABLE = Code(
    name="undeclared-variable",
    severity="warning",
    title="A function reads an environment variable that no environment gives",
    explanation=(
        "A task sees few variables, so that what stands in somebody's shell cannot change a result:"
        " this one is never set, whatever you export, and a default always applies."
    ),
    example="epochs = int(os.environ.get('EPOCHS', '10'))",
    mend="Make it an argument, or name it under `variables` or `pass` of the environment.",
)

NETWORK_ACCESS = Code(
    name="network-access",
    severity="warning",
    title="A function reads from the network",
    explanation=(
        "What the other side answers is no input: it is not recorded, may be another tomorrow, and"
        " when it changes nothing runs again."
    ),
    example="prices = requests.get('https://example.org/prices').json()",
    mend="Declare an artifact with that `source`: it is fetched once and kept by its content.",
)

INSTALL_AT_RUN_TIME = Code(
    name="install-at-run-time",
    severity="warning",
    title="A function installs packages while it runs",
    explanation=(
        "Which versions come is decided on that day, they are not in the identity of the task, and"
        " they change the environment of every task after it."
    ),
    example="subprocess.run([sys.executable, '-m', 'pip', 'install', 'xgboost'])",
    mend="Install the package beforehand, and import it.",
)

CHANGED_INPUT = Code(
    name="changed-input",
    severity="warning",
    title="A function writes into one of its inputs",
    explanation=(
        "Inputs are versions that others read too, and never change. What arrives is a copy; where"
        " it was changed, the task fails once it is done."
    ),
    example="def tune(model: Path):\n    joblib.dump(better, model)",
    mend="Write to the path of an output instead.",
)

INDEX_COLUMN = Code(
    name="index-column",
    severity="warning",
    title="A table is written with its row numbers as a column",
    explanation=(
        "pandas writes the index as a first column without a name. What reads the file takes it for"
        " a column like the others, so a model learns from the numbers of the rows."
    ),
    example="train.to_csv(path)",
    mend="Write `index=False`, or `index=True` where the index is meant.",
)

UNKNOWN_ALLOWANCE = Code(
    name="unknown-allowance",
    severity="warning",
    title="A comment allows what no warning is called",
    explanation=(
        "`# reprocc: allow CODE` on a line, or alone on the line above, silences that warning about"
        " the code there. This name is none of them, so nothing is silenced."
    ),
    example="names = os.listdir(folder)  # reprocc: allow unsorted-listings",
    mend="Write the code as the warning shows it in brackets.",
)
