"""Run folders with made-up numbers, for figures that compare many runs."""

import numpy as np

from stdpnet.base import files
from stdpnet.base.scoring import score
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config

N_TEST = 200


def write_run(path, accuracies=(0.3, 0.6), accuracy=None, **changes):
    """Write a run that was trained for a batch of 1,000 images for each of `accuracies`, and return its `RunFolder`.

    Parameters
    ----------
    path : path-like
    accuracies : sequence of float
        Running accuracy of each batch.
    accuracy : float, optional
        On 200 made-up test images; without it the run is not evaluated.
    **changes
        Of the `Config`.
    """
    config = Config(**{"neurons": 4, **changes})
    folder, presented = RunFolder(path), 1000 * len(accuracies)
    folder.prepare()
    files.write_text(folder.config_file, config.to_json())
    rows = [
        {
            "presented": 1000 * (k + 1),
            "running_accuracy": running,
            "spikes_per_image": 20 + config.seed,
            "silent_share": 0.25,
            "repetitions": 0,
            "theta_mean_mV": 30 + k,
            "theta_sd_mV": 2,
        }
        for k, running in enumerate(accuracies)
    ]
    folder.write_metrics(rows)
    rng = np.random.default_rng(config.seed)
    weights = rng.random((64, config.neurons), dtype=np.float32)
    state = {
        "presented": np.int64(presented),
        "image_shape": np.array([8, 8]),
        "input_synapses.w": weights,
        "excitatory.theta": np.float32(0.03 + 1e-3 * np.arange(config.neurons)),
    }
    files.write_arrays(folder.checkpoint_file, state)
    if accuracy is None:
        return folder
    labels = np.arange(N_TEST) % 10
    predictions = np.where(np.arange(N_TEST) < round(N_TEST * accuracy), labels, (labels + 5) % 10)
    arrays = {"assignments": np.arange(config.neurons) % 10, "predictions": predictions, "test_labels": labels}
    arrays |= {"presented": np.int64(presented), "spikes_per_image": np.arange(config.neurons) / 2}
    files.write_arrays(folder.predictions_file, arrays)
    report = score(predictions, labels)
    report |= {"n_label_images": 100, "n_test_images": N_TEST, "presented": presented, "dataset": "mnist-5k"}
    files.write_json(folder.evaluation_file, report | {"neurons": config.neurons, "unassigned": 0})
    return folder


def write_sweep(path):
    """Write two rules with 4 and 16 neurons and two seeds; one cell failed, one stopped half-way, one is missing."""
    for rule, start in (("triplet", 0.8), ("power-law", 0.7)):
        for neurons in (4, 16):
            for seed in (0, 1):
                name = f"{rule}_{neurons}_seed{seed}"
                accuracy = start + 0.05 * (neurons == 16) + 0.02 * seed
                if name == "power-law_16_seed0":
                    (path / name).mkdir(parents=True)
                    (path / name / "error.txt").write_text("SimulationError: weights are not finite")
                elif name != "power-law_16_seed1":
                    accuracy = None if name == "triplet_16_seed1" else accuracy
                    write_run(path / name, (0.3, 0.6 + 0.1 * seed), accuracy, rule=rule, neurons=neurons, seed=seed)
    return path


def write_conversion(path):
    """Write what the figures and the papers of a conversion are made from, and return the folder."""
    curve = [
        {
            "step": step,
            "accuracy": 0.5 + 0.04 * step,
            "confidence_interval_95": [0.4, 0.95],
            "operations": 125.0 * step,
            "relative_operations": step / 8,
        }
        for step in range(1, 11)
    ]
    report = {
        "analogue": {"accuracy": 0.9},
        "spiking": {"accuracy": 0.9},
        "n_test_images": N_TEST,
        "tradeoff": {
            "at_half_the_operations": {
                "operations": 500.0,
                "relative_operations": 0.5,
                "error": 34.0,
                "step": 4,
            }
        },
        "energy": {},
        "layers": {"relu1": {"mean_rate": 0.1, "saturated": 0.02, "correlation": 0.99}},
        "operations": {},
        "curve": curve,
    }
    config = {"model": "nowhere", "dataset": "mnist", "normalisation": "maximum", "initial": 0.5, "readout": "membrane"}
    files.write_json(path / "report.json", report)
    files.write_json(path / "config.json", config)
    files.write_json(path / "environment.json", {"backend": "torch"})
    files.write_arrays(path / "histograms.npz", {"relu1": np.arange(100).reshape(10, 10)})
    return path
