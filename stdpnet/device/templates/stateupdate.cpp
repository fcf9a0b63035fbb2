{# One loop over the state, in single precision where the state is. #}
{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
{# Brian2 writes a quotient as pow(x, -1) in double precision, whatever the type of x. #}
static inline float _narrow_pow(float x, int y) { return __builtin_powif(x, y); }
template <class X, class Y> static inline double _narrow_pow(X x, Y y) { return std::pow((double)x, (double)y); }
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
        {{vector_code|autoindent}}
    }
{% endblock %}
