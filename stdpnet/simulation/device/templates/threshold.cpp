{# First all conditions of a block in one vectorised pass, then the few neurons that meet theirs. #}
{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
#include <cstring>
#include "network.h"
{% endblock %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    {% set _size = variables['N'].get_value() %}
    const int _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    {% set _padded = (_size + 63) // 64 * 64 %}
    alignas(64) static char _met[{{_padded}}];
    {% set _shared = may_share and not _uses_refractory and independent(scalar_code, vector_code, '_idx') %}
    {% if _shared %}
    const int _begin = _part({{_size}}, _thread), _end = _part({{_size}}, _thread + 1);
    {% else %}
    const int _begin = 0, _end = {{_size}};
    {% endif %}
    for (int _idx = _begin; _idx < _end; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        _met[_idx] = _cond;
    }
    int32_t _count = _begin;
    for (int _block = _begin; _block < _end; _block += 64)
    {
        uint64_t _words[8], _any = 0;
        std::memcpy(_words, _met + _block, 64);
        for (int _word = 0; _word < 8; _word++) _any |= _words[_word];
        if (!_any) continue;
        for (int _word = 0; _word < 8; _word++)
            for (uint64_t _left = _words[_word]; _left; _left &= _left - 1) {# a byte of 1 for each neuron that does #}
            {
                const int _idx = _block + 8 * _word + __builtin_ctzll(_left) / 8;
                {{_eventspace}}[_count++] = _idx;
                {% if _uses_refractory %}
                {{not_refractory}}[_idx] = false;
                {{lastspike}}[_idx] = {{t}};
                {% endif %}
            }
    }
    {% if _shared %}
    {# the network gathers the parts; what is written again travels again #}
    if (_count < _end && {{_eventspace}}[_count] != -1) {{_eventspace}}[_count] = -1;
    {% else %}
    {{_eventspace}}[{{_size}}] = _count;
    {% endif %}
{% endblock %}

{% block after_code %}
    {{get_array_name(eventspace_variable)}}[{{variables['N'].get_value()}}] = 0;
{% endblock %}
