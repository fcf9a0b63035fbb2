"""Unsupervised learning with spike-timing-dependent plasticity in Brian2.

What a user needs is here, one level deep. It is loaded when it is asked for: ``import stdpnet`` loads neither Brian2
nor PyTorch nor scikit-learn. ``__init__.pyi`` says where each name lives.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__all__ += ["__version__"]
