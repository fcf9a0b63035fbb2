"""Images as a network takes them, and random shifts of them."""

import torch
import torch.nn.functional as F

from stdpnet.conversion.grey_levels import brightness


def as_input(images: torch.Tensor) -> torch.Tensor:
    """Return grey levels as input, in [0, 1], like `stdpnet.conversion.grey_levels.as_input`.

    Parameters
    ----------
    images : tensor of uint8, shape (n, height, width) or (n, planes, height, width)

    Returns
    -------
    tensor of float32, shape (n, planes, height, width)
    """
    return brightness((images[:, None] if images.ndim == 3 else images).float())


def shifted(images: torch.Tensor, down: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Return images moved by whole pixels; what comes in from outside is 0.

    Parameters
    ----------
    images : tensor, shape (n, height, width) or (n, planes, height, width)
    down, right : tensor of int64, shape (n,)
        Pixels for each image; negative ones move it up and left.

    Returns
    -------
    tensor, of their shape
    """
    height, width = images.shape[-2:]
    planes = images.reshape(-1, height, width)
    down, right = (moves.repeat_interleave(len(planes) // len(images)) for moves in (down, right))
    margin = int(torch.maximum(down.abs(), right.abs()).max())
    padded = F.pad(planes, (margin, margin, margin, margin))
    rows = margin + torch.arange(height) - down[:, None]
    columns = margin + torch.arange(width) - right[:, None]
    return padded[torch.arange(len(planes))[:, None, None], rows[:, :, None], columns[:, None, :]].view(images.shape)


def randomly_shifted(images: torch.Tensor, reach: int) -> torch.Tensor:
    """Return images, each moved by up to `reach` pixels along height and width, every shift equally often."""
    down, right = torch.randint(-reach, reach + 1, (2, len(images)))
    return shifted(images, down, right)
