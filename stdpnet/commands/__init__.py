"""What people start: the commands of ``stdpnet`` and of the scripts in ``runs/``, one file each, loaded when called."""

import lazy_loader

_HERE = ("train", "evaluate", "plot", "sweep", "calibrate", "convert", "info", "cite")
_LABELLED = ("train_cnn", "train_spiking")

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={name: [f"{name}_command"] for name in _HERE}
    | {f"labelled.{name}": [f"{name}_command"] for name in _LABELLED},
)
