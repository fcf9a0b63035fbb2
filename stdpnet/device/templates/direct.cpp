{# A sparse projection without delay: each spike walks the list of its neuron's synapses. #}
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
        static std::vector<int32_t> _first, _synapses;
        if (_first.empty())
        {
            _first.assign({{n_spiking}} + 1, 0);
            _synapses.resize({{spiking_of_synapse}}.size());
            for (const int32_t _neuron : {{spiking_of_synapse}}) _first[_neuron + 1]++;
            for (int _n = 0; _n < {{n_spiking}}; _n++) _first[_n + 1] += _first[_n];
            std::vector<int32_t> _next(_first.begin(), _first.end() - 1);
            for (size_t _s = 0; _s < _synapses.size(); _s++) _synapses[_next[{{spiking_of_synapse}}[_s]]++] = _s;
        }
        const size_t _vectorisation_idx = -1;
        {{scalar_code|autoindent}}
        for (int32_t _spike = 0; _spike < _n_spikes; _spike++)
            for (int32_t _k = _first[_spikes[_spike]]; _k < _first[_spikes[_spike] + 1]; _k++)
            {
                const size_t _idx = _synapses[_k];
                const size_t _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
            }
    }
{% endblock %}
