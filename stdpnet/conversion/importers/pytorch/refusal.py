"""The error for an operation that cannot be converted: which one, where it stands, what to use instead."""

from stdpnet.base.errors import ConversionError

_ACTIVATION = "train with ReLU, the activation that integrate-and-fire neurons compute"
_RECURRENT = "use a feed-forward network"
_NORMALISATION = "use BatchNorm1d or BatchNorm2d, which only scale and shift once they are trained"
_PRODUCT = (
    "a product of two tensors that both depend on the images, as in attention, gates and squeeze-and-excitation, has "
    "no spiking counterpart: use sums, convolutions or concatenations"
)
_POOLING = "use max or average pooling or strided convolution, without indices"
_ROUNDING = "import the network before it was quantised, with weights in floating point"
_SIZES = "use F.interpolate with sizes, or strided convolution"

_ALTERNATIVES = {
    "gelu silu elu celu selu softplus softsign mish logsigmoid log_sigmoid glu exp log abs square pow sqrt rsqrt "
    "reciprocal rpow rdiv hardswish hardshrink sin cos erf expm1 log1p sign heaviside tanhshrink": _ACTIVATION,
    "lstm gru rnn lstmcell grucell rnncell rnn_tanh rnn_relu lstm_cell gru_cell": _RECURRENT,
    "layernorm layer_norm groupnorm group_norm instancenorm1d instancenorm2d instance_norm rmsnorm rms_norm "
    "localresponsenorm local_response_norm normalize var std norm cosine_similarity": _NORMALISATION,
    "bmm einsum multi_head_attention_forward multiheadattention scaled_dot_product_attention bilinear mul div matmul "
    "addcmul addcdiv baddbmm": _PRODUCT,
    "maxpool3d avgpool3d lppool2d lp_pool2d lppool1d lp_pool1d fractionalmaxpool2d max_pool3d avg_pool3d "
    "adaptive_avg_pool3d adaptive_max_pool3d max_unpool2d fractional_max_pool2d "
    "fractional_max_pool2d_with_indices": _POOLING,
    "round floor ceil trunc fake_quantize_per_tensor_affine fake_quantize_per_channel_affine quantize_per_tensor int "
    "long short byte char bool": _ROUNDING,
    "grid_sample affine_grid": _SIZES,
}
ALTERNATIVES = {name: text for names, text in _ALTERNATIVES.items() for name in names.split()}
_KNOWN = "the documentation lists what can be, under 'What can be converted'"


def unknown(name: str, kind: str) -> ConversionError:
    """Return the error for an operation that has no counterpart.

    Parameters
    ----------
    name : str
        Of the function.
    kind : str
        Of what users wrote: the class of a module, or again the function.
    """
    alternative = ALTERNATIVES.get(kind.lower()) or ALTERNATIVES.get(name) or _KNOWN
    return ConversionError(f"cannot be converted; {alternative}")


def first_line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
