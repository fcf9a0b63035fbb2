"""What the tests put in place of large numbers, so that every example of the pages runs within seconds.

The pages say what a reader would type. Here, full MNIST is a folder with the 60 + 30 images of 8 x 8 pixels that all
tests share, and networks have 10 neurons: their builds are those of other tests.
"""

import re

#: In Python and TOML, on every page: pattern, what replaces it.
PYTHON = (
    (r"\bConfig\((?!dataset=|\))", 'Config(dataset="mnist", '),
    (r"\bConfig\((?![^)]*neurons=|\))", "Config(neurons=10, "),
    (r"> 500$", "> 48"),
    (r"first \+ 500\b", "first + 10"),
    (r'load_dataset\("mnist-5k"\)', 'load_dataset("mnist")'),
    (r"\bneurons( ?)=\1\d+", r"neurons\1=\g<1>10"),
    (r"\bepochs=(?:[3-9]|1\d)\b", "epochs=1"),
    (r"\bimages=\d+", "images=60"),
    (r"inputs=\[350, 351\]", "inputs=[20, 21]"),
    (r"\bbatch=100\b", "batch=20"),
    (r"\bbatch=500\b", "batch=60"),
    (r"n_workers=[24]", "n_workers=1"),
    (r"delays=False, ", ""),
    (r"^ +delays=False,\n", ""),
    (r"in variants\.items\(\)", "in [*variants.items()][1:2]"),
    (r"for neurons in \([\d, ]+\)", "for neurons in (10,)"),
    (r'for rule in \("triplet", "exponential"\)', 'for rule in ("triplet",)'),
    (r"train_test_split\(images, labels,", "train_test_split(images[:90], labels[:90],"),
    (r'\["triplet", "exponential"\]', '["triplet"]'),
    (r'"neurons": \d+', '"neurons": 10, "dataset": "mnist"'),
    (r"trained=\d+, validation=\d+", "trained=40, validation=20"),
    (
        r"images\[:1000\], labels\[:1000\], images\[1000:\], labels\[1000:\]",
        "images[:60], labels[:60], images[60:90], labels[60:90]",
    ),
)

#: In a command: pattern, what replaces it.
COMMANDS = (
    (r"\$SLURM_ARRAY_TASK_ID", "0"),
    (r"--neurons \d+(?: \d+)*", "--neurons 10"),
    (r"--layers 300-300", "--layers 20"),
    (r"--rules (?:all|triplet exponential|exponential)", "--rules triplet"),
    (r"--seeds 3", "--seeds 1"),
    (r"--epochs (?:[3-9]|[12]\d)\b", "--epochs 1"),
    (r"--label-images \d+", "--label-images 60"),
    (r"(train --dataset (?!mnist)[\w.-]+ --neurons 10)\b", r"\1 --images 5 --no-evaluation"),
    (r"--architecture lenet", "--architecture dense"),
    (r"--steps \d+", "--steps 8"),
    (r"--no-delays ", ""),
    (r"inhibition=10,17", "inhibition=10"),
    (r"_6400_", "_stopped_"),
    (r"(accuracy-vs-neurons results/100).*", r"\1"),  # with one size, all are the same run
    (r"--snapshots \d+", "--snapshots 20"),
    (r"--without all", "--without inhibition"),  # compiles nothing
)

#: For commands that would take the embedded digits, many neurons or many images: what is added where it is not given.
ADDED = {
    "train": {"--dataset": "mnist", "--neurons": "10", "--epochs": "1"},
    "sweep": {"--dataset": "mnist"},
    "calibrate": {"--trained": "40", "--validation": "20", "--rounds": "1"},
    "train-cnn": {"--dataset": "mnist", "--epochs": "1"},
    "train-spiking": {"--dataset": "mnist", "--epochs": "1"},
    "convert": {"--dataset": "mnist", "--scale-images": "60"},
}

#: Commands that are not run: what they begin with, and why.
NOT_RUN = {
    "python3 -m venv": "sets up an environment",
    "source": "sets up an environment",
    "pip install": "installs packages",
    ".venv/bin/": "sets up an environment, or is a stage of .ci/run",
    "stdpnet verify": "looks at the repository, as tests/commands/test_verify.py does; its arguments are parsed",
    "stdpnet show": "serves its page until Ctrl-C; its arguments are parsed",
    "python benchmarks/": "takes minutes, and other people's packages; its arguments are parsed",
}


def reason_not_to_run(command):
    """Return why a command is not run, or None."""
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), None)


def small_python(code):
    """Return Python or TOML text with small numbers."""
    for pattern, put in PYTHON:
        code = re.sub(pattern, put, code, flags=re.MULTILINE)
    return code


def small_command(command):
    """Return a command with small numbers, as a list of words."""
    for pattern, put in COMMANDS:
        command = re.sub(pattern, put, command)
    words = command.split()
    if words[0] == "stdpnet" and "--resume" not in words:
        given = {*words, "--neurons"} if "--config" in words else words  # the file says how many neurons
        for flag, value in ADDED.get(words[1], {}).items():
            words += [] if flag in given else [flag, value]
    return words
