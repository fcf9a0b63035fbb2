{# Spikes of the source, without delay: each walks its row of the matrix. #}
{% extends 'common_synapses.cpp' %}

{% block maincode %}
    const int32_t* const _spikes = {{events}};
    const int32_t _n_spikes = _spikes[{{n_spiking}}];
    if (_n_spikes)
    {
        if ({{delays}}[0] != 0)
        {
            std::cerr << "{{pathway.name}} was compiled without a delay" << std::endl;
            std::exit(1);
        }
        const size_t _vectorisation_idx = -1;
        {{scalar_code|autoindent}}
        for (int32_t _spike = 0; _spike < _n_spikes; _spike++)
        {
            const int32_t _presynaptic_idx = _spikes[_spike];
            const size_t _row = (size_t)_presynaptic_idx * {{n_post}};
            for (int32_t _postsynaptic_idx = 0; _postsynaptic_idx < {{n_post}}; _postsynaptic_idx++)
            {
                const size_t _idx = _row + _postsynaptic_idx;
                const size_t _vectorisation_idx = _idx;
                {{without_indices(vector_code)|autoindent}}
            }
        }
    }
{% endblock %}
