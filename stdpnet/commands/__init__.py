"""What people start: the commands of ``stdpnet`` and of the scripts in ``runs/``, one file each, loaded when called."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        name: [f"{name}_command"]
        for name in (
            "train",
            "evaluate",
            "plot",
            "sweep",
            "calibrate",
            "train_cnn",
            "train_spiking",
            "convert",
            "info",
            "cite",
        )
    },
)
