{# Powers and exponentials of single-precision numbers, in place: without a call, so that loops with them are vectorised,
   and without the slow path that a mathematical library takes at 0. #}
{# One rounding instead of two, where the processor has it; written out, so that it does not depend on the loop around it. #}
#ifdef __FMA__
#define _narrow_fma(x, y, z) __builtin_fmaf(x, y, z)
#else
#define _narrow_fma(x, y, z) ((x) * (y) + (z))
#endif
{# 2^x: whole powers of two by their bits, the rest by a polynomial; its relative error is 2e-9. From -127 to 128: 0 below
   -126.5, infinity above 127.5. #}
static inline float _narrow_exp2(float x)
{
    const float whole = __builtin_rintf(x), f = x - whole;
    float power = 1.534581e-4f;
    power = _narrow_fma(power, f, 1.3399931e-3f);
    power = _narrow_fma(power, f, 9.618489e-3f);
    power = _narrow_fma(power, f, 5.5503286e-2f);
    power = _narrow_fma(power, f, 2.4022646e-1f);
    power = _narrow_fma(power, f, 6.9314718e-1f);
    power = _narrow_fma(power, f, 1.0f);
    union { int32_t bits; float value; } scale;
    scale.bits = ((int32_t)whole + 127) << 23;
    return power * scale.value;
}
{# 1e-38 below -87.3. #}
static inline float _narrow_exp(float x)
{
    return _narrow_exp2(std::min(std::max(x, -87.3f), 88.8f) * 1.442695041f);
}
template <class X> static inline double _narrow_exp(X x) { return std::exp((double)x); }
{# x^y as 2^(y log2 |x|): log2 of the mantissa, between sqrt(1/2) and sqrt(2), by the series of artanh. #}
static inline float _narrow_pow(float x, float y)
{
    union { float value; int32_t bits; } size;
    size.value = __builtin_fabsf(x);
    const bool is_0 = size.value == 0.0f;
    const int32_t exponent = (size.bits - 0x3f3504f3) >> 23;
    size.bits -= exponent << 23;
    const float s = (size.value - 1.0f) / (size.value + 1.0f), s2 = s * s;
    float log2 = 0.32059890f;
    log2 = _narrow_fma(log2, s2, 0.41219858f);
    log2 = _narrow_fma(log2, s2, 0.57707802f);
    log2 = _narrow_fma(log2, s2, 0.96179669f);
    log2 = _narrow_fma(log2, s2, 2.88539008f);
    log2 = is_0 ? -1e9f : log2 * s + exponent;
    const float power = _narrow_exp2(std::min(std::max(y * log2, -127.0f), 128.0f));
    {# Below 0 only whole powers exist, the odd ones negative; of others the magnitude is infinite. #}
    const float whole = __builtin_rintf(y), odd = __builtin_fabsf(whole - 2.0f * __builtin_rintf(0.5f * whole));
    const float below_0 = power * (1.0f - 2.0f * odd) / (1.0f - __builtin_ceilf(__builtin_fabsf(y - whole)));
    return x < 0.0f ? below_0 : power;
}
{# Brian2 writes a quotient as pow(x, -1) in double precision, whatever the type of x. #}
static inline float _narrow_pow(float x, int y) { return __builtin_powif(x, y); }
template <class X, class Y> static inline double _narrow_pow(X x, Y y) { return std::pow((double)x, (double)y); }
