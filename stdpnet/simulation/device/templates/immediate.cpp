{# Spikes without delay: read where they are, instead of through a queue. Children say which synapses a spike reaches. #}
{% extends 'common_synapses.cpp' %}

{% block extra_headers %}
{{ super() }}
#include <cstring>
#include "network.h"
{% include 'narrow.cpp' %}

{% endblock %}

{% block maincode %}
    #undef _brian_pow
    #define _brian_pow(x, y) _narrow_pow(x, y)
    const int32_t* const _spikes = {{events}};
    const int32_t _n_spikes = _spikes[{{n_spiking}}];
    if (_n_spikes)
    {
        if ({{delays}}[0] != 0)
        {
            std::cerr << "{{pathway.name}} was compiled without a delay" << std::endl;
            std::exit(1);
        }
        {% set _shared = may_share and independent(scalar_code, without_indices(vector_code), '_idx', '_postsynaptic_idx') %}
        {% if _shared %}
        const int32_t _begin = _part({{n_post}}, _thread), _end = _part({{n_post}}, _thread + 1);
        {% else %}
        const int32_t _begin = 0, _end = {{n_post}};
        {% endif %}
        {% block lists scoped %}{% endblock %}
        const size_t _vectorisation_idx = -1;
        {{scalar_code|autoindent}}
        for (int32_t _spike = 0; _spike < _n_spikes; _spike++)
        {
            {% block walk scoped %}{% endblock %}
        }
    }
{% endblock %}
