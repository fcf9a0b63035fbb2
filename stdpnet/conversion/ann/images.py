"""Images as a network takes them, and random shifts and mirrors of them."""

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


def shifted(images: torch.Tensor, down: torch.Tensor, right: torch.Tensor, reach: int) -> torch.Tensor:
    """Return images moved by whole pixels; what comes in from outside is 0.

    Parameters
    ----------
    images : tensor, shape (n, height, width) or (n, planes, height, width)
    down, right : tensor of int64, shape (n,)
        Pixels for each image; negative ones move it up and left.
    reach : int
        The largest of them, or more. It is given, since to look for it would make a GPU wait.

    Returns
    -------
    tensor, of their shape
    """
    height, width = images.shape[-2:]
    planes = images.reshape(-1, height, width)
    down, right = (moves.repeat_interleave(len(planes) // len(images)) for moves in (down, right))
    padded = F.pad(planes, (reach, reach, reach, reach))
    which, rows, columns = (torch.arange(n, device=images.device) for n in (len(planes), height, width))
    rows, columns = reach + rows - down[:, None], reach + columns - right[:, None]
    return padded[which[:, None, None], rows[:, :, None], columns[:, None, :]].view(images.shape)


def randomly_shifted(images: torch.Tensor, reach: int) -> torch.Tensor:
    """Return images, each moved by up to `reach` pixels along height and width, every shift equally often."""
    down, right = torch.randint(-reach, reach + 1, (2, len(images)), device=images.device)
    return shifted(images, down, right, reach)


def randomly_mirrored(images: torch.Tensor) -> torch.Tensor:
    """Return images of which every other one, at random, has left and right exchanged."""
    chosen = torch.rand(len(images), device=images.device) < 0.5
    return torch.where(chosen.view(-1, *(1,) * (images.ndim - 1)), images.flip(-1), images)
