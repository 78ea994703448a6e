#!/usr/bin/env bash
# A Slurm cluster of one node on 127.0.0.1, all of whose files are in one folder; nothing else of the machine is touched.
#
#     cluster.sh start FOLDER [CPUS]    starts it; `export SLURM_CONF=FOLDER/slurm.conf` makes sbatch and squeue use it
#     cluster.sh stop FOLDER            ends its daemons and whatever runs on it
#     cluster.sh install                installs what it needs, on Debian
#
# Needed: root, and the programs of Slurm and munge.
set -euo pipefail

verb=${1:-help}
folder=$(realpath -m "${2:-.}")
PATH=$PATH:/usr/local/sbin:/usr/sbin

install() {
    apt-get update -qq
    # A machine that is no cluster gets no daemons of its own.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        slurmctld slurmd slurm-client munge
}

stop() {
    for daemon in slurmctld slurmd munged; do
        if [ -f "$folder/$daemon.pid" ]; then
            id=$(cat "$folder/$daemon.pid")
            kill "$id" 2>/dev/null || continue
            for _ in $(seq 100); do
                kill -0 "$id" 2>/dev/null || break
                sleep 0.1
            done
        fi
    done
}

free_port() {
    # A port of the kernel's choice: bound, told, given back.
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'
}

configure() {
    cat >"$folder/slurm.conf" <<CONFIGURATION
ClusterName=one
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,bf_interval=1
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=2
MinJobAge=300
# More CPUs than there are, since what is tested is what becomes of tasks, not how fast they are.
SlurmdParameters=config_overrides
NodeName=localhost NodeAddr=127.0.0.1 CPUs=${1:-2} RealMemory=4000
PartitionName=main Nodes=localhost Default=YES MaxTime=INFINITE DefaultTime=10
CONFIGURATION
}

start() {
    if [[ "$folder" =~ [[:space:]] ]]; then
        echo "Slurm cannot have its files in '$folder': give a path without blanks." >&2
        exit 2
    fi

    mkdir -p "$folder/state" "$folder/spool"
    chmod 755 "$folder"
    head -c 1024 /dev/urandom >"$folder/munge.key"
    chmod 600 "$folder/munge.key"
    configure "${1:-2}"

    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" --num-threads=2

    export SLURM_CONF="$folder/slurm.conf"
    slurmctld -c
    slurmd -N localhost -c

    for _ in $(seq 100); do
        if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then
            return
        fi
        sleep 0.2
    done

    echo "The cluster does not get ready: see slurmctld.log and slurmd.log in $folder." >&2
    stop
    exit 1
}

case $verb in
install) install ;;
start) start "${3:-2}" ;;
stop) stop ;;
*)
    echo "usage: cluster.sh install | start FOLDER [CPUS] | stop FOLDER" >&2
    exit 2
    ;;
esac
