{# First all conditions in one vectorised pass, then the few neurons that meet theirs. #}
{# USES_VARIABLES { N } #}
{% extends 'common_group.cpp' %}

{% block extra_headers %}
{{ super() }}
#include <cstring>
{% endblock %}

{% block maincode %}
    {% set _eventspace = get_array_name(eventspace_variable) %}
    {% set _size = variables['N'].get_value() %}
    const int _vectorisation_idx = -1;
    {{scalar_code|autoindent}}
    alignas(64) static char _met[{{(_size + 7) // 8 * 8}}];
    for (int _idx = 0; _idx < {{_size}}; _idx++)
    {
        const size_t _vectorisation_idx = _idx;
        {{vector_code|autoindent}}
        _met[_idx] = _cond;
    }
    int32_t _count = 0;
    for (int _block = 0; _block < {{(_size + 7) // 8 * 8}}; _block += 8)
    {
        uint64_t _any;
        std::memcpy(&_any, _met + _block, 8);
        if (_any)
            for (int _idx = _block; _idx < _block + 8; _idx++)
                if (_met[_idx])
                {
                    {{_eventspace}}[_count++] = _idx;
                    {% if _uses_refractory %}
                    {{not_refractory}}[_idx] = false;
                    {{lastspike}}[_idx] = {{t}};
                    {% endif %}
                }
    }
    {{_eventspace}}[{{_size}}] = _count;
{% endblock %}

{% block after_code %}
    {{get_array_name(eventspace_variable)}}[{{variables['N'].get_value()}}] = 0;
{% endblock %}
