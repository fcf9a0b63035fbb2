"""Functions that tell about a tensor without its values, and those that give its values away."""

from collections.abc import Callable

#: What tells about a tensor, but not its values; as text, values are for people only.
QUERIES = frozenset(
    [
        *("shape", "ndim", "dtype", "device", "layout", "names", "itemsize", "nbytes", "dim", "ndimension", "size"),
        *("numel", "nelement", "len", "stride", "element_size", "get_device", "storage_offset", "sizeof", "version"),
        *("is_cuda", "is_mps", "is_cpu", "is_xpu", "is_sparse", "is_quantized", "is_meta", "is_nested", "is_mkldnn"),
        *("is_sparse_csr", "is_complex", "is_floating_point", "is_signed", "is_conj", "is_neg", "is_inference"),
        *("is_contiguous", "is_same_size", "is_tensor", "is_leaf", "result_type", "can_cast", "requires_grad"),
        *("grad_fn", "grad", "output_nr", "register_hook", "retain_grad", "hash", "repr", "format", "str", "dir"),
    ]
)
#: Functions that hand values out; some raise of themselves inside PyTorch.
READING = frozenset(
    [
        *("bool_", "float_", "int_", "item", "tolist", "numpy", "array", "index", "complex", "contains", "dlpack"),
        *("equal", "allclose", "is_nonzero"),
    ]
)
#: The result of these does not depend on the values that they take.
BLANKS = frozenset(
    [
        *("zeros_like", "ones_like", "full_like", "empty_like", "rand_like", "randn_like", "broadcast_shapes"),
        *("new_zeros", "new_ones", "new_full", "new_empty", "new_tensor"),
    ]
)
READS = (
    "reads the values of a tensor that depends on the images: a network that decides by them, or leaves PyTorch, "
    "cannot be converted; expected operations of PyTorch that do the same for every image"
)


def called(func: Callable) -> str:
    """Return the plain name of a function: without the underscores of methods and of changes in place."""
    name = getattr(func, "__name__", str(func))
    if name == "__get__":
        name = getattr(func, "__self__", func).__name__
    if name in ("__float__", "__int__", "__bool__"):
        return name[2:-1]
    return name.strip("_")
