{# The time loop. All objects of the networks that this device is for share one clock, so a step
   is a walk through a list of functions; neither a set of clocks nor the processor's time has to
   be asked for at every step. #}
{% macro cpp_file() %}
#include "network.h"
#include <cstdlib>
#include <iostream>

double Network::_last_run_time = 0.0;
double Network::_last_run_completed_fraction = 0.0;
bool Network::_globally_stopped = false;
bool Network::_globally_running = false;

Network::Network() : t(0.0) {}

void Network::clear() { objects.clear(); }

void Network::add(Clock* clock, codeobj_func function) { objects.push_back(std::make_pair(clock, function)); }

void Network::run(const double duration, report_function, const double)
{
    if (objects.empty()) return;
    Clock* const clock = objects[0].first;
    std::vector<codeobj_func> functions;
    for (const auto &object : objects)
    {
        if (object.first != clock)
        {
            std::cerr << "a network of this device has one clock" << std::endl;
            std::exit(1);
        }
        if (object.second) functions.push_back(object.second);
    }
    const double t_start = t, t_end = t + duration;
    clock->set_interval(t, t_end);
    _globally_running = true;
    _globally_stopped = false;
    while (clock->running() && !_globally_stopped)
    {
        for (const codeobj_func function : functions) function();
        clock->tick();
    }
    _globally_running = false;
    t = _globally_stopped ? clock->t[0] : t_end;
    _last_run_completed_fraction = duration > 0 ? (t - t_start) / duration : 1.0;
}
{% endmacro %}

{% macro h_file() %}
#ifndef _BRIAN_NETWORK_H
#define _BRIAN_NETWORK_H

#include <utility>
#include <vector>
#include "brianlib/clocks.h"

typedef void (*codeobj_func)();
typedef void (*report_function)(const double, const double, const double, const double);

class Network
{
public:
    std::vector< std::pair<Clock*, codeobj_func> > objects;
    double t;
    static double _last_run_time;
    static double _last_run_completed_fraction;
    static bool _globally_stopped;
    static bool _globally_running;

    Network();
    void clear();
    void add(Clock* clock, codeobj_func function);
    void run(const double duration, report_function report, const double report_period);
};
#endif
{% endmacro %}
