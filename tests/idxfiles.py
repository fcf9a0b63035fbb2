"""Write IDX files, right ones and wrong ones, independently of stdpnet's own writer."""

import gzip

import numpy as np


def idx_bytes(array):
    """Return the IDX file of an array of uint8: 0, 0, type 8, dimensions, their sizes in big-endian, the bytes."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + np.ascontiguousarray(array, np.uint8).tobytes()


def write_idx_folder(folder, train_images, train_labels, test_images, test_labels):
    """Write the four files, half of them gzipped, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(train_images))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_bytes(train_labels)))
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(test_images)))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx_bytes(test_labels))
    return folder
