"""A model in one file: the same answers elsewhere, and whatever is wrong with it is said."""

import json
import subprocess
import sys

import numpy as np
import pytest
from tiny import CHANGES, TRIPLET, digits

import stdpnet
from stdpnet import ModelFileError, load_model, save_model
from stdpnet.base import files
from stdpnet.learning.models.model_file import CHECKSUM, TEXT

IMAGES, LABELS, TEST_IMAGES, _ = digits()
NAMES = np.array([f"digit {k}" for k in range(10)])
TINY = {name: CHANGES[name] for name in ("neurons", "epochs", "drive")}
TINY["parameters"] = {name: value for name, value in (CHANGES | TRIPLET).items() if name not in TINY}


@pytest.fixture(scope="module")
def classifier(first_build):
    return stdpnet.STDPClassifier(**TINY).fit(IMAGES / 255, NAMES[LABELS])


@pytest.fixture(scope="module")
def path(classifier, tmp_path_factory):
    """Return the file of the classifier. Do not change it."""
    path = tmp_path_factory.mktemp("model") / "digits.npz"
    save_model(classifier, path)
    return path


def test_a_model_gives_the_answers_of_its_classifier(classifier, path):
    model = load_model(path)
    assert repr(model) == "Model: 10 neurons, rule triplet, 60 presentations of images of 8 x 8, 10 classes"
    np.testing.assert_array_equal(model.predict(TEST_IMAGES / 255), classifier.predict(TEST_IMAGES / 255))
    np.testing.assert_array_equal(model.counts(TEST_IMAGES / 255), classifier.transform(TEST_IMAGES / 255))
    np.testing.assert_array_equal(model.predict(TEST_IMAGES[3] / 255), classifier.predict(TEST_IMAGES[3:4] / 255))
    np.testing.assert_array_equal(
        model.predict(TEST_IMAGES[:2].reshape(2, 64) / 255), model.predict(TEST_IMAGES[:2] / 255)
    )
    votes = model.votes(model.counts(TEST_IMAGES / 255))
    np.testing.assert_array_equal(votes, classifier.decision_function(TEST_IMAGES / 255))


def test_it_goes_to_a_process_without_data_and_without_scikit_learn(classifier, path, tmp_path):
    np.save(tmp_path / "images.npy", TEST_IMAGES / 255)
    code = (
        "import sys, numpy, stdpnet; model = stdpnet.load_model(sys.argv[1]); "
        "print('\\n'.join(model.predict(numpy.load('images.npy')))); "
        "assert not {'sklearn', 'brian2', 'mlxtend', 'pandas'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", code, path], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == classifier.predict(TEST_IMAGES / 255).tolist()


@pytest.mark.parametrize("drive", ["contrast", "ink"])
def test_its_drive_and_a_rule_of_ones_own_go_with_it(tmp_path, drive):
    rule = tmp_path / "grow.toml"
    rule.write_text('on_post = "w = clip(w + a, 0, w_max)"\n[constants]\na = 0.01\n')
    short = {"presentation": {"dt": 1.0, "window": 10.0, "rest": 10.0, "rate": 1.0, "fewest_spikes": 0}}
    given = {"neurons": 4, "epochs": 1, "backend": "numpy", "drive": drive, "rule": rule, "parameters": short}
    classifier = stdpnet.STDPClassifier(**given).fit(IMAGES[:10], LABELS[:10])
    save_model(classifier, tmp_path / "model.npz")
    rule.unlink()
    model = load_model(tmp_path / "model.npz")
    assert model.config == classifier.config_ and model.config.plasticity.on_post == "w = clip(w + a, 0, w_max)"
    np.testing.assert_array_equal(model.counts(IMAGES[:4]), classifier.transform(IMAGES[:4]))


def text(change):
    """Return a change of the archive that changes the text in it."""

    def changed(arrays):
        data = json.loads(str(arrays[TEXT]))
        change(data)
        arrays[TEXT] = np.array(json.dumps(data))

    return changed


def put(name, value):
    return lambda arrays: arrays.update({name: value(arrays[name])})


REFUSED = {
    "a weight": (put("input_synapses.w", lambda w: w - 1), r"input_synapses.w goes from -.* expected 0 to"),
    "a large weight": (put("input_synapses.w", lambda w: w + 99), r"input_synapses.w goes from .* expected 0 to"),
    "no number": (put("excitatory.theta", lambda t: t * np.nan), "excitatory.theta has 10 values that are not finite"),
    "delays": (put("input_synapses.delay_steps", lambda d: d + 20), "input_synapses.delay_steps goes from 20 to 39"),
    "a shape": (put("input_synapses.w", lambda w: w[:, 1:]), r"w has shape \(64, 9\), expected \(64, 10\) for 64"),
    "fewer inputs": (put("input_synapses.w", lambda w: w[:-1]), r"has 63 inputs, and images of \(8, 8\)"),
    "pixels": (text(lambda t: t.update(image_shape=[8, 10**12])), r"has 64 inputs, and images of \(8, 10{12}\)"),
    "less": (lambda a: a.pop("excitatory.theta"), r"excitatory.theta has shape None, expected \(10,\)"),
    "more": (lambda a: a.update(more=np.zeros(3)), r"more has shape \(3,\), expected None"),
    "names": (put("assignments", lambda a: a + 9), "names neurons after classes .* to 18, and has 10"),
    "fewer names": (
        put("assignments", lambda a: a[1:]),
        r"has \(9,\) names of neurons, expected a place for each of 10",
    ),
    "newer": (
        text(lambda t: t.update(format=2, made_by="stdpnet 9")),
        "is of format 2, made by stdpnet 9; .* a newer one$",
    ),
    "equations": (
        text(lambda t: t["equations"]["excitatory"].update(reset="v = 0 * mV")),
        "has other equations of the neurons than this version of stdpnet; it was made by stdpnet 0.1.0",
    ),
    "a parameter": (text(lambda t: t["config"].update(neurons=-1)), "neurons is -1; expected a finite number of at le"),
    "no shape": (
        text(lambda t: t.pop("image_shape")),
        "has no 'image_shape'; get it again, or make it anew with stdpne",
    ),
    "no text": (lambda a: a.update({TEXT: np.array("{")}), "Expecting property name"),
}


@pytest.mark.parametrize("change, words", REFUSED.values(), ids=REFUSED)
def test_what_no_training_brings_about_is_refused_by_name(path, tmp_path, change, words):
    arrays = files.npz_arrays(path)
    change(arrays)
    del arrays[CHECKSUM]
    files.write_arrays(tmp_path / "wrong.npz", arrays | {CHECKSUM: np.array(files.array_digest(arrays))})
    with pytest.raises(ModelFileError, match=f"wrong.npz: .*{words}"):
        load_model(tmp_path / "wrong.npz")


def test_a_change_without_a_new_checksum_is_found(path, tmp_path):
    arrays = files.npz_arrays(path)
    arrays["input_synapses.w"][3, 3] *= 0.5
    files.write_arrays(tmp_path / "wrong.npz", arrays)
    with pytest.raises(ModelFileError, match=r"its checksum is .* expected .*: it was changed or damaged"):
        load_model(tmp_path / "wrong.npz")


def test_other_files_are_refused(path, trained_run, tmp_path):
    with pytest.raises(ModelFileError, match="no such file; expected one made by stdpnet export or save_model"):
        load_model(tmp_path / "missing.npz")
    with pytest.raises(ModelFileError, match="holds no model; expected a file made by"):
        load_model(trained_run / "checkpoint.npz")
    with pytest.raises(ModelFileError, match="damaged, or no model file"):
        load_model(trained_run / "config.json")
    with pytest.raises(ModelFileError, match="damaged, or no model file"):
        load_model(tmp_path)
    with pytest.raises(ModelFileError, match="found a Config, expected a fitted STDPClassifier or a Model"):
        save_model(stdpnet.Config(), tmp_path / "model.npz")
    with pytest.raises(ModelFileError, match="cannot be written"):
        save_model(load_model(path), tmp_path / "no such folder" / "model.npz")


def mutated(data, rng):
    """Return bytes of which one is another, is gone or came in, or which end too early."""
    place, kind = int(rng.integers(len(data))), rng.integers(20)
    new = bytes([int(rng.integers(256))])
    if kind == 0:
        return data[:place]
    if kind == 1:
        return data[:place] + data[place + 1 :]
    return data[:place] + new + data[place + (kind > 2) :]


def survived(path, folder, n):
    """Return how many of `n` mutations were read; fail where one was, and gives other answers."""
    data, model, rng, read = path.read_bytes(), load_model(path), np.random.default_rng(14), 0
    for number in range(n):
        place = folder / "mutated.npz"
        place.write_bytes(mutated(data, rng))
        try:
            other = load_model(place)
        except ModelFileError as error:
            assert "\n" not in str(error), number
            continue
        read += 1
        assert other.state.keys() == model.state.keys(), number
        same = all(np.array_equal(other.state[name], model.state[name]) for name in model.state)
        fields = ("config", "image_shape", "scale", "background", "most_frequent")
        assert same and all(getattr(other, name) == getattr(model, name) for name in fields), number
        assert np.array_equal(other.classes, model.classes), number
        assert np.array_equal(other.assignments, model.assignments), number
    return read


def test_no_mutation_is_a_traceback_or_another_answer(path, tmp_path):
    assert survived(path, tmp_path, 500) < 100  # dates and the like in the archive decide nothing


@pytest.mark.slow
def test_none_of_ten_thousand_is(path, tmp_path):
    survived(path, tmp_path, 10_000)
