"""SpikingJelly's ann2snn as a peer: its recipes with and without all their options, and how they are read out."""

import copy
from pathlib import Path

import numpy as np
import torch

from stdpnet.base.errors import ConfigError

#: Each contender's recipe, and whether its readout is delayed by SpikingJelly's own estimate.
CONTENDERS = {
    f"SpikingJelly {recipe}{', delayed readout' if delayed else ''}": (recipe, delayed)
    for recipe in ("max", "99.9 %", "99.9 %, all options", "LTB")
    for delayed in (False, True)
}


def calibration(images, labels):
    """Return the training images as SpikingJelly takes them, a loader of batches of 100."""
    pairs = torch.utils.data.TensorDataset(torch.from_numpy(images), torch.from_numpy(labels.astype(np.int64)))
    return torch.utils.data.DataLoader(pairs, batch_size=100)


def networks(model, loader):
    """Return SpikingJelly's networks by name of the recipe.

    `RateCodingRecipe` with the greatest activation and with the 99.9 % of its example (RobustNorm); the latter with all
    that its ImageNet example adds: thresholds per channel, half a threshold as initial potential, max pooling before
    the neurons; and `LocalThresholdBalancingRecipe`, which always does these three.
    """
    try:
        from spikingjelly.activation_based import ann2snn
    except ImportError as error:
        install = Path(__file__).with_name("requirements-spikingjelly.txt")
        raise ConfigError(f"SpikingJelly cannot be imported ({error}): see {install}") from None
    options = {"channel_wise": True, "half_threshold": True, "pre_spike_maxpool": True}
    recipes = {
        "max": ann2snn.RateCodingRecipe(dataloader=loader, mode="max"),
        "99.9 %": ann2snn.RateCodingRecipe(dataloader=loader, mode="99.9%"),
        "99.9 %, all options": ann2snn.RateCodingRecipe(dataloader=loader, mode="99.9%", **options),
        "LTB": ann2snn.LocalThresholdBalancingRecipe(dataloader=loader),
    }
    return {
        name: ann2snn.FXConverter(recipe=recipe, device="cpu").convert(copy.deepcopy(model)).eval()
        for name, recipe in recipes.items()
    }


def delays(network, loader, steps):
    """Return for each number of steps the first one to be read out, as SpikingJelly estimates it."""
    from spikingjelly.activation_based import ann2snn

    return {end: ann2snn.estimate_delay_start(network, loader, "cpu", end) for end in steps}


@torch.no_grad()
def outputs(network, images, steps, batch, mode="s"):
    """Yield for each batch of images the outputs in every step, tensor of shape (steps, n_images, n_classes).

    Parameters
    ----------
    mode : {"s", "m"}
        SpikingJelly's single-step mode, as in its examples, or its multi-step mode; both give the same.
    """
    from spikingjelly.activation_based import functional

    functional.set_step_mode(network, mode)
    for part in torch.from_numpy(images).split(batch):
        functional.reset_net(network)
        if mode == "m":
            yield network(part.expand(steps, *part.shape))
        else:
            yield torch.stack([network(part) for _ in range(steps)])


def predictions(found, starts):
    """Return the class of each image by number of steps: the largest sum of the outputs after the delay, if any."""
    return {end: found[start:end].sum(dim=0).argmax(dim=1).numpy() for end, start in starts.items()}
