{# One loop over the state, in single precision where the state is. #}
{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
{% include 'narrow.cpp' %}

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
