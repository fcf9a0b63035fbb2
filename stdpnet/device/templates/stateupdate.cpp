{# One loop over the state, in single precision where the state is. #}
{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
{# Brian2 writes a quotient as pow(x, -1) in double precision, whatever the type of x. #}
static inline float _narrow_pow(float x, int y) { return __builtin_powif(x, y); }
template <class X, class Y> static inline double _narrow_pow(X x, Y y) { return std::pow((double)x, (double)y); }
{# exp in place, without a call: whole powers of two by their bits, the rest by a polynomial; relative
   error of the polynomial 2e-9, 1e-38 below -87.3. #}
static inline float _narrow_exp(float x)
{
    const float log2 = std::min(std::max(x, -87.3f), 88.8f) * 1.442695041f;  // from 88.03 on: infinity
    const float whole = __builtin_rintf(log2), f = log2 - whole;
    float power = 1.534581e-4f;
    power = power * f + 1.3399931e-3f;
    power = power * f + 9.618489e-3f;
    power = power * f + 5.5503286e-2f;
    power = power * f + 2.4022646e-1f;
    power = power * f + 6.9314718e-1f;
    power = power * f + 1.0f;
    union { int32_t bits; float value; } scale;
    scale.bits = ((int32_t)whole + 127) << 23;
    return power * scale.value;
}
static inline double _narrow_exp(double x) { return std::exp(x); }
{% endblock %}

{% block maincode %}
    #undef _brian_pow
    #define _brian_pow(x, y) _narrow_pow(x, y)
    const size_t _vectorisation_idx = -1;
    {{single_precision(scalar_code)|autoindent}}
    const int _n = {{constant_or_scalar('N', variables['N'])}};
    for (int _idx = 0; _idx < _n; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{exp_in_place(vector_code)|autoindent}}
    }
{% endblock %}
