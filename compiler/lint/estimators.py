"""Rules on scikit-learn and pandas: what draws without a seed of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from ..codes import determinism as codes
from .finding import Finding
from .generators import seeds_itself
from .outline import Piece
from .seeds import is_missing, seed_mend
from .talk import last_name
from .view import View, constant, is_open, keyword, owner_of
from .words import words

_ALWAYS = words(
    # Forests, trees and what is made of them: features are drawn even where rows are not.
    "RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor"
    " RandomTreesEmbedding DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier"
    " ExtraTreeRegressor GradientBoostingClassifier GradientBoostingRegressor AdaBoostClassifier"
    " AdaBoostRegressor BaggingClassifier BaggingRegressor IsolationForest"
    # What starts at random.
    " MLPClassifier MLPRegressor BernoulliRBM KMeans MiniBatchKMeans BisectingKMeans"
    " GaussianMixture BayesianGaussianMixture LatentDirichletAllocation FastICA DictionaryLearning"
    " MiniBatchDictionaryLearning SpectralClustering SpectralBiclustering SpectralCoclustering"
    " TSNE MDS RANSACRegressor TheilSenRegressor EllipticEnvelope MinCovDet"
    # What projects at random.
    " TruncatedSVD GaussianRandomProjection SparseRandomProjection Nystroem RBFSampler"
    " SkewedChi2Sampler PolynomialCountSketch"
    # Splits, searches, samples and data that are made.
    " ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit RepeatedKFold RepeatedStratifiedKFold"
    " RandomizedSearchCV HalvingRandomSearchCV HalvingGridSearchCV ParameterSampler resample"
    " permutation_importance permutation_test_score mutual_info_classif mutual_info_regression"
    " make_blobs make_biclusters make_checkerboard make_circles make_classification make_friedman1"
    " make_friedman2 make_friedman3 make_gaussian_quantiles make_hastie_10_2 make_low_rank_matrix"
    " make_moons make_multilabel_classification make_regression make_s_curve make_swiss_roll"
    " make_sparse_coded_signal make_sparse_spd_matrix make_sparse_uncorrelated make_spd_matrix"
    " SMOTE BorderlineSMOTE SVMSMOTE ADASYN RandomOverSampler RandomUnderSampler"
)
_UNLESS: Mapping[str, tuple[str, tuple[object, ...]]] = dict.fromkeys(
    (
        "train_test_split",
        "SGDClassifier",
        "SGDRegressor",
        "Perceptron",
        "PassiveAggressiveClassifier",
        "PassiveAggressiveRegressor",
    ),
    ("shuffle", (False,)),
)
"""What draws unless a keyword has one of these values."""

_ONLY_IF: Mapping[str, tuple[str, tuple[object, ...]]] = {
    "KFold": ("shuffle", (True,)),
    "StratifiedKFold": ("shuffle", (True,)),
    "GroupKFold": ("shuffle", (True,)),
    "StratifiedGroupKFold": ("shuffle", (True,)),
    "learning_curve": ("shuffle", (True,)),
    "SVC": ("probability", (True,)),
    "NuSVC": ("probability", (True,)),
    "LinearSVC": ("dual", (True,)),
    "LinearSVR": ("dual", (True,)),
    "LogisticRegression": ("solver", ("sag", "saga", "liblinear")),
    "LogisticRegressionCV": ("solver", ("sag", "saga", "liblinear")),
    "Ridge": ("solver", ("sag", "saga")),
    "RidgeClassifier": ("solver", ("sag", "saga")),
    "Lasso": ("selection", ("random",)),
    "ElasticNet": ("selection", ("random",)),
    "PCA": ("svd_solver", ("randomized", "arpack")),
    "NMF": ("init", ("random",)),
    "DummyClassifier": ("strategy", ("stratified", "uniform")),
    "HistGradientBoostingClassifier": ("early_stopping", (True,)),
    "HistGradientBoostingRegressor": ("early_stopping", (True,)),
}
"""What draws only where a keyword has one of these values."""

_SEARCHES = words("GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV")
_SAMPLED = words("n frac replace weights random_state axis ignore_index")
_PACKAGES = ("sklearn.", "imblearn.")

ESTIMATORS = frozenset({*_ALWAYS, *_UNLESS, *_ONLY_IF, *_SEARCHES, "shuffle"})
"""The last part of the names of everything that these rules know."""


def unseeded_estimator(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find estimators, splits and made data without `random_state`."""
    if name is None or not name.startswith(_PACKAGES):
        return
    what = last_name(call.func)
    known = name.rpartition(".")[2]
    if known in _SEARCHES:
        yield from _searched(view, piece, call)
    if is_open(call) or not is_missing(keyword(call, "random_state")) or not _draws(known, call):
        return
    # Everything here takes what it draws from by keyword, but its own arguments may be in a list.
    if seeds_itself(view, "numpy.random"):
        return
    is_shuffle = known == "shuffle"
    code = codes.UNSEEDED_SHUFFLE if is_shuffle else codes.UNSEEDED_ESTIMATOR
    message = f"{owner_of(piece)} calls `{what}` without `random_state`"
    mend, changes = seed_mend(view, call, "random_state", "random_state=seed")
    yield view.finding(code, call, message, mend=mend, changes=changes)


def unseeded_sample(
    view: View, piece: Piece, call: ast.Call, name: str | None
) -> Iterator[Finding]:
    """Find samples of pandas' frames without `random_state`."""
    if name is not None or not isinstance(call.func, ast.Attribute) or is_open(call):
        return
    given = {k.arg for k in call.keywords}
    if "random_state" in given and not is_missing(keyword(call, "random_state")):
        return
    if "frac" not in given and not ("n" in given and not call.args):
        return
    if not given <= _SAMPLED or not view.imports("pandas", piece):
        return
    if not seeds_itself(view, "numpy.random"):
        message = f"{owner_of(piece)} samples rows without `random_state`"
        mend, changes = seed_mend(view, call, "random_state", "random_state=seed")
        code = codes.UNSEEDED_ESTIMATOR
        yield view.finding(code, call, message, mend=mend, changes=changes)


def _draws(known: str, call: ast.Call) -> bool:
    if known in _ALWAYS or known == "shuffle":
        return True
    if known in _UNLESS:
        word, quiet = _UNLESS[known]
        return constant(keyword(call, word)) not in quiet
    if known in _ONLY_IF:
        word, loud = _ONLY_IF[known]
        return constant(keyword(call, word)) in loud
    return False


def _searched(view: View, piece: Piece, call: ast.Call) -> Iterator[Finding]:
    """Find a class that is only known when the code runs, and is given no seed."""
    given = keyword(call, "estimator") or next(iter(call.args), None)
    match given:
        case ast.Call(func=ast.Name(id=made), args=[], keywords=given_too):
            is_variable = made in piece.bound and made not in piece.imports
            if is_variable and not any(w.arg in (None, "random_state") for w in given_too):
                message = f"{owner_of(piece)} searches over `{made}()`, made without a seed"
                mend = "pass it `random_state=seed`, where its class takes one"
                yield view.finding(codes.UNSEEDED_ESTIMATOR, given, message, mend=mend)
        case _:
            pass
