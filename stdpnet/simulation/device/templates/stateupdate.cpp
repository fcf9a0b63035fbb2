{# The state, in single precision where it is. Neurons at rest are passed over: where an update depends on nothing but the
   values that it changes and on constants, values that it once left as they were are left so again, to the bit. #}
{# USES_VARIABLES { N } #}
{# ALLOWS_SCALAR_WRITE #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
#include "network.h"
{% include 'narrow.cpp' %}

{% endblock %}

{% block maincode %}
{% macro _update(code, first, end) %}
    for (int _idx = {{first}}; _idx < {{end}}; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{code|autoindent}}
    }
{% endmacro %}
    {% set _shared = once(single_precision(scalar_code), constant_arrays) %}
    {% set _code = exp_in_place(vector_code) %}
    {# looking whether a neuron moves pays where moving it is dear #}
    {% set _changed = at_rest(_shared, _code, constant_arrays) if _code != vector_code else [] %}
    #undef _brian_pow
    #define _brian_pow(x, y) _narrow_pow(x, y)
    const size_t _vectorisation_idx = -1;
    {{_shared|autoindent}}
    const int _n = {{constant_or_scalar('N', variables['N'])}};
    {% if may_share and independent(scalar_code, vector_code, '_idx') %}
    const int _begin = _part(_n, _thread), _end = _part(_n, _thread + 1);
    {% else %}
    const int _begin = 0, _end = _n;
    {% endif %}
    {% if _changed %}
    static std::vector<char> _rests((_n + 15) / 16);  // whether the last update of 16 neurons left them as they were:
    {% for _array in _changed %}
    static std::vector<std::remove_reference<decltype({{_array}}[0])>::type> _as{{_array}}(_n);
    auto* const _was{{_array}} = _as{{_array}}.data();
    {% endfor %}
    const auto _differ = [&](const int _from, const int _to)
    {
        int _any = 0;
        for (int _idx = _from; _idx < _to; _idx++)
            _any |= {% for _array in _changed %}{{' | ' if not loop.first}}({{_array}}[_idx] != _was{{_array}}[_idx]){% endfor %};
        return _any;
    };
    for (int _first = _begin; _first < _end; _first += 128)
    {
        const int _last = std::min(_first + 128, _end);
        int _awake = _differ(_first, _last);
        for (int _from = _first; _from < _last; _from += 16) _awake |= !_rests[_from / 16];
        if (!_awake) continue;
        for (int _from = _first; _from < _last; _from += 16)
        {
            const int _to = std::min(_from + 16, _last);
            if (_rests[_from / 16] && !_differ(_from, _to)) continue;
            for (int _idx = _from; _idx < _to; _idx++)
            {
                {% for _array in _changed %}
                _was{{_array}}[_idx] = {{_array}}[_idx];
                {% endfor %}
            }
            {{_update(_code, '_from', '_to')}}
            _rests[_from / 16] = !_differ(_from, _to);
        }
    }
    {% else %}
    {{_update(_code, '_begin', '_end')}}
    {% endif %}
{% endblock %}
