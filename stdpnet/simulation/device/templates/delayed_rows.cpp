{# Spikes of the source, each synapse with a delay of its own. Every row keeps its columns sorted
   by delay, and the last spikes are remembered by step: what arrives now is, for each earlier
   step, one segment of the row of each neuron that spiked then. Oldest first, as in a queue. #}
{% extends 'common_synapses.cpp' %}

{% block extra_headers %}
{{ super() }}
#include "network.h"
{% endblock %}

{% block maincode %}
    {# the segments of a part are short: what stands in a vectorised loop and what after it differs from part to part #}
    {% if may_share and without_functions(vector_code) and independent(scalar_code, without_indices(vector_code), '_idx', '_postsynaptic_idx') %}
    const int32_t _begin = _part({{n_post}}, _thread), _end_of_part = _part({{n_post}}, _thread + 1);
    {% else %}
    const int32_t _begin = 0, _end_of_part = {{n_post}};
    {% endif %}
    const int32_t _width = _end_of_part - _begin;
    // of the columns of this thread:
    static thread_local std::vector<{{column_type}}> _columns;      // [n_pre][width], sorted by delay within a row
    static thread_local std::vector<int32_t> _segments;             // [n_pre][n_delays + 1], where each delay starts
    static thread_local std::vector< std::vector<int32_t> > _past;  // [n_delays], ring of the spikes of a step
    static thread_local int _n_delays = 0, _now = 0;
    static thread_local size_t _under_way = 0;
    if (_n_delays == 0)
    {
        std::vector<int> _steps({{delays}}.size());
        for (size_t _s = 0; _s < _steps.size(); _s++)
        {
            _steps[_s] = (int)({{delays}}[_s] / {{dt}} + 0.5);
            _n_delays = std::max(_n_delays, _steps[_s] + 1);
        }
        _past.resize(_n_delays);
        _columns.resize((size_t){{n_pre}} * _width);
        _segments.assign((size_t){{n_pre}} * (_n_delays + 1), 0);
        for (size_t _i = 0; _i < {{n_pre}}; _i++)
        {
            int32_t* const _segment = &_segments[_i * (_n_delays + 1)];
            const int* const _row_steps = &_steps[_i * {{n_post}}];
            for (int _j = _begin; _j < _end_of_part; _j++) _segment[_row_steps[_j] + 1]++;
            for (int _d = 0; _d < _n_delays; _d++) _segment[_d + 1] += _segment[_d];
            std::vector<int32_t> _next(_segment, _segment + _n_delays);
            for (int _j = _begin; _j < _end_of_part; _j++)
                _columns[_i * _width + _next[_row_steps[_j]]++] = _j;
        }
    }
    const int32_t* const _spikes = {{events}};
    const int32_t _n_spikes = _spikes[{{n_spiking}}];
    _now = _now + 1 == _n_delays ? 0 : _now + 1;
    _under_way += _n_spikes - _past[_now].size();
    _past[_now].assign(_spikes, _spikes + _n_spikes);
    if (_under_way)
    {
        const size_t _vectorisation_idx = -1;
        {{scalar_code|autoindent}}
        for (int _delay = _n_delays - 1; _delay >= 0; _delay--)
        {
            const std::vector<int32_t> &_then = _past[_now >= _delay ? _now - _delay : _now - _delay + _n_delays];
            for (const int32_t _presynaptic_idx : _then)
            {
                const size_t _row = (size_t)_presynaptic_idx * {{n_post}};
                const {{column_type}}* const _column = _columns.data() + (size_t)_presynaptic_idx * _width;
                const int32_t* const _segment = &_segments[(size_t)_presynaptic_idx * (_n_delays + 1) + _delay];
                const int32_t _end = _segment[1];
                {% if not writes_source(vector_code) %}
                #pragma GCC ivdep
                {% endif %}
                for (int32_t _k = _segment[0]; _k < _end; _k++)
                {
                    const int32_t _postsynaptic_idx = _column[_k];
                    const size_t _idx = _row + _postsynaptic_idx;
                    const size_t _vectorisation_idx = _idx;
                    {{without_indices(vector_code)|autoindent}}
                }
            }
        }
    }
{% endblock %}
