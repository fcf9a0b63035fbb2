from .base.errors import CollapsedNetworkError as CollapsedNetworkError
from .base.errors import ConfigError as ConfigError
from .base.errors import ConversionError as ConversionError
from .base.errors import DataError as DataError
from .base.errors import RunFolderError as RunFolderError
from .base.errors import SilentNetworkError as SilentNetworkError
from .base.errors import SimulationError as SimulationError
from .base.errors import StdpnetError as StdpnetError
from .conversion.convert import convert as convert
from .conversion.importers import import_model as import_model
from .conversion.simulators import simulate as simulate
from .datasets import Dataset as Dataset
from .datasets import load_dataset as load_dataset
from .experiments.stdp.evaluation import Evaluation as Evaluation
from .experiments.stdp.evaluation import evaluate as evaluate
from .experiments.stdp.inside.record import record as record
from .experiments.stdp.train import train as train
from .experiments.stdp.trained import TrainedNetwork as TrainedNetwork
from .experiments.sweeps.calibration import Trial as Trial
from .experiments.sweeps.calibration import calibrate as calibrate
from .experiments.sweeps.sweep import sweep as sweep
from .learning.config import Config as Config
from .learning.presentation.recording import Recording as Recording
from .rules import RULES as RULES
from .rules import Constant as Constant
from .rules import Rule as Rule

__version__: str
