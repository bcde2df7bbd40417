/** Generated from contract/nvlink-fusion.yaml by `npm run contract`; do not edit. */
export const nvlinkFusion = {
  "name": "nvlink-fusion",
  "version": {
    "major": 1,
    "minor": 0
  },
  "sha256": "947e5b9736bd35680934427152348543a2bfb33bdd0b58187c9857225658f681",
  "compatible": "nvidia,nvlink-fusion",
  "pci": {
    "vendor": 4660,
    "device": 20038
  },
  "registerFileBytes": 65536,
  "properties": [
    {
      "name": "compatible",
      "type": "string-array",
      "required": true
    },
    {
      "name": "reg",
      "type": "reg",
      "required": true
    },
    {
      "name": "interrupts",
      "type": "interrupts",
      "required": false
    },
    {
      "name": "nvidia,contract",
      "type": "uint32-array",
      "required": true,
      "items": 2
    },
    {
      "name": "#address-cells",
      "type": "uint32",
      "required": true
    },
    {
      "name": "#size-cells",
      "type": "uint32",
      "required": true
    },
    {
      "name": "link-count",
      "type": "uint32",
      "required": true
    },
    {
      "name": "dma-windows",
      "type": "uint64-matrix",
      "required": true,
      "items": 2
    },
    {
      "name": "dma-coherent",
      "type": "flag",
      "required": false
    },
    {
      "name": "iommus",
      "type": "phandle-array",
      "required": false
    },
    {
      "name": "status",
      "type": "string",
      "required": false
    }
  ],
  "link": {
    "node": "link",
    "properties": [
      {
        "name": "reg",
        "type": "uint32",
        "required": true
      },
      {
        "name": "nvidia,lanes",
        "type": "uint32",
        "required": true
      },
      {
        "name": "nvidia,max-speed-kBps",
        "type": "uint32",
        "required": true
      },
      {
        "name": "nvidia,peer",
        "type": "string",
        "required": true,
        "values": [
          "gpu",
          "host"
        ]
      },
      {
        "name": "nvidia,peer-index",
        "type": "uint32",
        "required": true
      }
    ]
  },
  "limits": {
    "LINKS_MAX": 16,
    "GPUS_MAX": 16,
    "WINDOWS_MAX": 8,
    "CHANNELS_MAX": 8,
    "RING_LOG2_MIN": 1,
    "RING_LOG2_MAX": 12,
    "CALL_BYTES_MAX": 4096,
    "REMOTE_GPU": 128,
    "LINK_ANY": 255,
    "TRAINING_RETRIES": 7
  },
  "timings": {
    "OFF_MS": 1,
    "SAFE_MS": 300,
    "HS_MS": 8000,
    "RESET_MS": 1000
  },
  "enumerations": {
    "state": {
      "OFF": 0,
      "HS": 1,
      "SAFE": 2,
      "FAULT": 3,
      "RECOVERY": 4,
      "FAIL": 5,
      "DETECT": 6,
      "RESET": 7,
      "INITPHASE1": 19,
      "INITNEGOTIATE": 20,
      "INITOPTIMIZE": 22,
      "INITTL": 26,
      "SLEEP": 10
    },
    "command": {
      "NONE": 0,
      "TRAIN": 1,
      "OFF": 2,
      "RESET": 3,
      "SLEEP": 4,
      "WAKE": 5,
      "CLEAR": 6
    },
    "peer": {
      "NONE": 0,
      "GPU": 1,
      "HOST": 2
    },
    "cause": {
      "LINK": 0,
      "ERROR": 1,
      "DMA": 2,
      "FAULT": 3,
      "DOORBELL": 4,
      "FATAL": 5
    },
    "error": {
      "NONE": 0,
      "DESCRIPTOR": 1,
      "LENGTH": 2,
      "HOST_REFUSED": 3,
      "WINDOW": 4,
      "GPU_ADDRESS": 5,
      "NO_GPU": 6,
      "LINK_DOWN": 7,
      "NO_PEER": 8,
      "ABORTED": 9,
      "WATCHDOG": 10,
      "REMOTE": 11,
      "CALL": 12,
      "CONTROL": 13,
      "TRAINING": 32,
      "LOST": 33,
      "STORM": 34
    },
    "opcode": {
      "NOP": 0,
      "READ": 1,
      "WRITE": 2,
      "FILL": 3,
      "PEER": 4,
      "HOST": 5,
      "CALL": 6
    },
    "call": {
      "INFO": 0,
      "CHECKSUM": 1,
      "ADD": 2
    },
    "firmware": {
      "NONE": 0,
      "STARTED": 1,
      "READY": 2,
      "DEGRADED": 3
    }
  },
  "transitions": [
    {
      "from": "OFF",
      "to": "DETECT"
    },
    {
      "from": "FAIL",
      "to": "DETECT"
    },
    {
      "from": "DETECT",
      "to": "INITPHASE1"
    },
    {
      "from": "INITPHASE1",
      "to": "INITNEGOTIATE"
    },
    {
      "from": "INITNEGOTIATE",
      "to": "SAFE"
    },
    {
      "from": "SAFE",
      "to": "INITOPTIMIZE"
    },
    {
      "from": "INITOPTIMIZE",
      "to": "INITTL"
    },
    {
      "from": "INITTL",
      "to": "HS"
    },
    {
      "from": "INITPHASE1",
      "to": "DETECT"
    },
    {
      "from": "INITPHASE1",
      "to": "FAIL"
    },
    {
      "from": "INITNEGOTIATE",
      "to": "DETECT"
    },
    {
      "from": "SAFE",
      "to": "DETECT"
    },
    {
      "from": "INITOPTIMIZE",
      "to": "DETECT"
    },
    {
      "from": "INITTL",
      "to": "DETECT"
    },
    {
      "from": "INITTL",
      "to": "FAIL"
    },
    {
      "from": "HS",
      "to": "RECOVERY"
    },
    {
      "from": "RECOVERY",
      "to": "HS"
    },
    {
      "from": "RECOVERY",
      "to": "FAULT"
    },
    {
      "from": "HS",
      "to": "FAULT"
    },
    {
      "from": "HS",
      "to": "SLEEP"
    },
    {
      "from": "SLEEP",
      "to": "HS"
    },
    {
      "from": "SLEEP",
      "to": "FAULT"
    },
    {
      "from": "any",
      "to": "RESET"
    },
    {
      "from": "RESET",
      "to": "OFF"
    },
    {
      "from": "any",
      "to": "OFF"
    }
  ]
} as const;
