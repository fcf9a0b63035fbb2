"""Images as a network takes them, and random shifts of them."""

import torch
import torch.nn.functional as F

from stdpnet.conversion.grey_levels import brightness


def as_input(images: torch.Tensor) -> torch.Tensor:
    """Return grey levels as input, in [0, 1], like `stdpnet.conversion.grey_levels.as_input`.

    Parameters
    ----------
    images : tensor of uint8, shape (n, height, width)

    Returns
    -------
    tensor of float32, shape (n, 1, height, width)
    """
    return brightness(images[:, None].float())


def shifted(images: torch.Tensor, down: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Return images moved by whole pixels; what comes in from outside is 0.

    Parameters
    ----------
    images : tensor, shape (n, height, width)
    down, right : tensor of int64, shape (n,)
        Pixels for each image; negative ones move it up and left.

    Returns
    -------
    tensor, shape (n, height, width)
    """
    n, height, width = images.shape
    margin = int(torch.maximum(down.abs(), right.abs()).max())
    padded = F.pad(images, (margin, margin, margin, margin))
    rows = margin + torch.arange(height) - down[:, None]
    columns = margin + torch.arange(width) - right[:, None]
    return padded[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]


def randomly_shifted(images: torch.Tensor, reach: int) -> torch.Tensor:
    """Return images, each moved by up to `reach` pixels along height and width, every shift equally often."""
    down, right = torch.randint(-reach, reach + 1, (2, len(images)))
    return shifted(images, down, right)
