// A stand-in for the provisioners of the CSI drivers: it answers claims of their storage classes with volumes
// behind which is nothing. The library is the one that real provisioners are made of, so binding at once and
// waiting for the first consumer are upstream's.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"

	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// A claim with this annotation is never answered.
const ignore = "testbed.airflow-eks/ignore"

type provisioner struct{ name string }

func (p provisioner) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	if claim.Annotations[ignore] == "true" || claim.Labels[ignore] == "true" {
		return nil, controller.ProvisioningFinished, &controller.IgnoredError{Reason: "it is marked with " + ignore}
	}
	volume := &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			MountOptions:                  options.StorageClass.MountOptions,
			VolumeMode:                    claim.Spec.VolumeMode,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource: v1.PersistentVolumeSource{
				CSI: &v1.CSIPersistentVolumeSource{Driver: p.name, VolumeHandle: options.PVName},
			},
		},
	}
	return volume, controller.ProvisioningFinished, nil
}

func (provisioner) Delete(context.Context, *v1.PersistentVolume) error { return nil }

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of the kubeconfig")
	names := flag.String("provisioners", "", "names of the provisioners to stand in for, separated by commas")
	health := flag.String("bind-address", "127.0.0.1:0", "where it answers /healthz")
	flag.Parse()
	if err := run(*kubeconfig, strings.Split(*names, ","), *health); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(kubeconfig string, names []string, health string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", kubeconfig, err)
	}
	config.QPS, config.Burst = 100, 200
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("cannot make a client: %w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ctx = klog.NewContext(ctx, klog.Background())
	for _, name := range names {
		go controller.NewProvisionController(
			ctx, client, name, provisioner{name},
			controller.LeaderElection(false), controller.MetricsPort(0),
		).Run(ctx)
	}
	go func() {
		<-ctx.Done()
		os.Exit(0)
	}()
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	return http.ListenAndServe(health, nil)
}
