{# A sparse projection: each spike walks the list of its neuron's synapses. #}
{% extends 'immediate.cpp' %}

{% block lists %}
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
{% endblock %}

{% block walk %}
            for (int32_t _k = _first[_spikes[_spike]]; _k < _first[_spikes[_spike] + 1]; _k++)
            {
                const size_t _idx = _synapses[_k];
                const size_t _vectorisation_idx = _idx;
                {{vector_code|autoindent}}
            }
{% endblock %}
